//! The words of a filter, which `_filter` (<https://hl7.org/fhir/R4/search_filter.html>) took over from SCIM
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2>): names, operators and bare values, texts in quotes, and
//! parentheses and brackets around them.

use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    /// A name, an operator, or a bare value.
    Word(String),
    Text(String),
}

/// Why something has no words.
#[derive(Debug)]
pub enum Broken {
    TooMany,
    /// In quotes, and with an escape that JSON does not have.
    NoText(String),
    /// Quotes that are not closed.
    NoEnd,
}

impl Token {
    /// As it was written, but for the quotes.
    pub fn said(&self) -> &str {
        match self {
            Self::Open => "(",
            Self::Close => ")",
            Self::OpenBracket => "[",
            Self::CloseBracket => "]",
            Self::Word(text) | Self::Text(text) => text,
        }
    }
}

/// All of them, if they are no more than `most`.
pub fn tokens(text: &str, most: usize) -> Result<Vec<Token>, Broken> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let token = match char {
            ' ' | '\t' | '\n' | '\r' => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '[' => Token::OpenBracket,
            ']' => Token::CloseBracket,
            '"' => Token::Text(string(&mut chars)?),
            first => {
                let mut word = String::from(first);
                while let Some(next) =
                    chars.next_if(|next| !next.is_whitespace() && !"()[]\"".contains(*next))
                {
                    word.push(next);
                }
                Token::Word(word)
            }
        };
        tokens.push(token);
        if tokens.len() > most {
            return Err(Broken::TooMany);
        }
    }
    Ok(tokens)
}

/// A text in double quotes, with the escapes of JSON.
fn string(chars: &mut Peekable<Chars>) -> Result<String, Broken> {
    let mut inside = String::from("\"");
    let mut escaped = false;
    for char in chars.by_ref() {
        inside.push(char);
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return serde_json::from_str(&inside).map_err(|_| Broken::NoText(inside)),
            _ => {}
        }
    }
    Err(Broken::NoEnd)
}
