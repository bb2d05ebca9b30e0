//! Cuts the text of an expression into tokens.
//! Clause: <https://hl7.org/fhirpath/N1/#lexical-elements>.

use super::error::CompileError;
use super::moment::Moment;
use super::moment_text;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A bare word: a name, a keyword, or an operator that is spelled out.
    Word(String),
    /// A name in backticks, never a keyword.
    Quoted(String),
    String(String),
    Number(String),
    Moment(MomentToken),
    /// `$this` and its like, without the dollar.
    Dollar(String),
    /// `%name`, without the percent sign.
    Variable(String),
    Symbol(&'static str),
    End,
}

/// A moment compares by what was written.
#[derive(Debug, Clone)]
pub(super) struct MomentToken(pub(super) Moment);

impl PartialEq for MomentToken {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

/// Longest first, so that `!=` is not read as `!` and `=`.
const SYMBOLS: &[&str] = &[
    "!=", "!~", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "|", "&", "=", "~",
    "<", ">",
];

/// Cuts the text; each token comes with the offset it starts at, and the last is `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, CompileError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks()?;
        let start = lexer.at;
        let token = lexer.token()?;
        let end = token == Token::End;
        tokens.push((token, start));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blanks(&mut self) -> Result<(), CompileError> {
        loop {
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let end =
                    rest.find("*/").ok_or_else(|| CompileError::new("the comment does not end", self.at))?;
                self.at += end + 2;
            } else {
                let trimmed = rest.trim_start();
                if trimmed.len() == rest.len() {
                    return Ok(());
                }
                self.at += rest.len() - trimmed.len();
            }
        }
    }

    fn token(&mut self) -> Result<Token, CompileError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token::End);
        };
        match first {
            'a'..='z' | 'A'..='Z' | '_' => Ok(Token::Word(self.word())),
            '0'..='9' => Ok(Token::Number(self.number())),
            '\'' => Ok(Token::String(self.quoted('\'')?)),
            '`' => Ok(Token::Quoted(self.quoted('`')?)),
            '@' => self.moment(),
            '$' => {
                self.at += 1;
                Ok(Token::Dollar(self.word()))
            }
            '%' => self.variable(),
            _ => {
                let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
                let symbol = symbol
                    .ok_or_else(|| CompileError::new(format!("`{first}` means nothing here"), self.at))?;
                self.at += symbol.len();
                Ok(Token::Symbol(symbol))
            }
        }
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let end =
            rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("").to_owned()
    }

    fn number(&mut self) -> String {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(rest);
        let fraction = rest.get(whole..).and_then(|rest| rest.strip_prefix('.')).map_or(0, digits);
        let end = if fraction > 0 { whole + 1 + fraction } else { whole };
        self.at += end;
        rest.get(..end).unwrap_or("").to_owned()
    }

    fn moment(&mut self) -> Result<Token, CompileError> {
        let text = self.rest().get(1..).unwrap_or("");
        let (moment, length) =
            moment_text::scan(text).ok_or_else(|| CompileError::new("not a date or time", self.at))?;
        self.at += 1 + length;
        Ok(Token::Moment(MomentToken(moment)))
    }

    fn variable(&mut self) -> Result<Token, CompileError> {
        self.at += 1;
        let name = match self.rest().chars().next() {
            Some('`') => self.quoted('`')?,
            Some('\'') => self.quoted('\'')?,
            _ => self.word(),
        };
        if name.is_empty() {
            return Err(CompileError::new("a variable needs a name", self.at));
        }
        Ok(Token::Variable(name))
    }

    fn quoted(&mut self, quote: char) -> Result<String, CompileError> {
        let start = self.at;
        let mut found = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((offset, letter)) = letters.next() {
            if letter == quote {
                self.at += offset + letter.len_utf8();
                return Ok(found);
            }
            if letter != '\\' {
                found.push(letter);
                continue;
            }
            let broken = || CompileError::new("not an escape sequence", start + offset);
            let (_, escape) = letters.next().ok_or_else(broken)?;
            found.push(match escape {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'f' => '\u{c}',
                '\\' | '/' | '\'' | '"' | '`' => escape,
                'u' => {
                    let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                    code.and_then(char::from_u32).ok_or_else(broken)?
                }
                _ => return Err(broken()),
            });
        }
        Err(CompileError::new("the quotation does not end", start))
    }
}
