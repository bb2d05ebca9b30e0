//! Builds the tree: operators by precedence, here; operands in `term`.
//! Clause: <https://hl7.org/fhirpath/N1/#operator-precedence>.
//!
//! Both the nesting of the text and the height of the tree are bounded, so that neither parsing,
//! nor evaluating, nor dropping a tree can run out of stack.

use super::error::CompileError;
use super::lexer::{Token, tokens};
use super::operator::Operator;
use super::tree::Tree;
use super::type_name::TypeName;

/// How deep brackets, and how high trees, may go.
const MAX_HEIGHT: usize = 100;

/// How long a text may be; the longest expression of R4 has 5 000 bytes.
const MAX_LENGTH: usize = 64 * 1024;

/// A tree and how many levels it has.
pub(super) struct Grown {
    pub(super) tree: Tree,
    pub(super) height: usize,
}

/// The operators between two operands.
#[derive(Clone, Copy)]
enum Infix {
    Binary(Operator),
    Union,
    Is,
    As,
}

pub(super) struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
}

/// Parses the whole text.
pub(super) fn parse(text: &str) -> Result<Tree, CompileError> {
    if text.len() > MAX_LENGTH {
        return Err(CompileError::new("the expression is too long", MAX_LENGTH));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let grown = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(grown.tree),
        _ => Err(parser.unexpected("the end of the expression")),
    }
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn position(&self) -> usize {
        let last = self.tokens.last();
        self.tokens.get(self.at).or(last).map_or(0, |(_, at)| *at)
    }

    /// Takes the next token; the end stays where it is.
    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += usize::from(token != Token::End);
        token
    }

    /// Takes the symbol, if it is next.
    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(own) if *own == symbol);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), CompileError> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    pub(super) fn unexpected(&self, wanted: &str) -> CompileError {
        let found = match self.peek() {
            Token::End => "the end of the expression".to_owned(),
            Token::Word(text) | Token::Quoted(text) | Token::Number(text) => format!("`{text}`"),
            Token::String(text) => format!("'{text}'"),
            Token::Dollar(name) => format!("`${name}`"),
            Token::Variable(name) => format!("`%{name}`"),
            Token::Symbol(symbol) => format!("`{symbol}`"),
            Token::Moment(moment) => format!("`@{}`", moment.0),
        };
        CompileError::new(format!("expected {wanted}, found {found}"), self.position())
    }

    /// A tree one level above its highest child.
    pub(super) fn grown(&self, tree: Tree, below: usize) -> Result<Grown, CompileError> {
        if below >= MAX_HEIGHT {
            return Err(CompileError::new("the expression is too complex", self.position()));
        }
        Ok(Grown { tree, height: below + 1 })
    }

    /// Parses operators that bind tighter than `floor`.
    pub(super) fn expression(&mut self, floor: u8) -> Result<Grown, CompileError> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(CompileError::new("the expression is nested too deep", self.position()));
        }
        let mut left = self.operand()?;
        while let Some((infix, power)) = self.infix().filter(|(_, power)| *power > floor) {
            self.at += 1;
            left = self.joined(infix, power, left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn joined(&mut self, infix: Infix, power: u8, left: Grown) -> Result<Grown, CompileError> {
        match infix {
            Infix::Is | Infix::As => {
                let wanted = self.type_name()?;
                let operand = Box::new(left.tree);
                let tree = match infix {
                    Infix::Is => Tree::Is { operand, wanted },
                    _ => Tree::As { operand, wanted },
                };
                self.grown(tree, left.height)
            }
            Infix::Union => {
                let right = self.expression(power)?;
                let (mut parts, height) = match left.tree {
                    Tree::Union(parts) => (parts, left.height - 1),
                    tree => (vec![tree], left.height),
                };
                parts.push(right.tree);
                self.grown(Tree::Union(parts), height.max(right.height))
            }
            Infix::Binary(operator) => {
                let right = self.expression(power)?;
                let height = left.height.max(right.height);
                let (left, right) = (Box::new(left.tree), Box::new(right.tree));
                let tree = Tree::Binary { operator, left, right };
                self.grown(tree, height)
            }
        }
    }

    /// A sign, any number of them, before a term.
    fn operand(&mut self) -> Result<Grown, CompileError> {
        let negative = matches!(self.peek(), Token::Symbol("-"));
        if !negative && !matches!(self.peek(), Token::Symbol("+")) {
            return self.term();
        }
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(CompileError::new("too many signs", self.position()));
        }
        let operand = self.operand()?;
        self.depth -= 1;
        let inner = Box::new(operand.tree);
        let tree = if negative { Tree::Negative(inner) } else { Tree::Positive(inner) };
        self.grown(tree, operand.height)
    }

    /// The operator that is next, and how tight it binds.
    fn infix(&self) -> Option<(Infix, u8)> {
        let text = match self.peek() {
            Token::Symbol(symbol) => symbol,
            Token::Word(word) => word.as_str(),
            _ => return None,
        };
        Some(match text {
            "|" => (Infix::Union, 7),
            "is" => (Infix::Is, 8),
            "as" => (Infix::As, 8),
            _ => {
                let (operator, power) = Operator::spelled(text)?;
                (Infix::Binary(operator), power)
            }
        })
    }

    /// A type as `Quantity` or `FHIR.Quantity`.
    pub(super) fn type_name(&mut self) -> Result<TypeName, CompileError> {
        let start = self.position();
        let mut parts = vec![self.name()?];
        // `x is System.String` takes the dot; a lone type name has nothing to be called on.
        while matches!(parts.as_slice(), [space] if space == "FHIR" || space == "System") && self.take(".") {
            parts.push(self.name()?);
        }
        TypeName::new(&parts).map_err(|message| CompileError::new(message, start))
    }

    pub(super) fn name(&mut self) -> Result<String, CompileError> {
        match self.peek() {
            Token::Word(_) | Token::Quoted(_) => match self.next() {
                Token::Word(name) | Token::Quoted(name) => Ok(name),
                _ => Err(self.unexpected("a name")),
            },
            _ => Err(self.unexpected("a name")),
        }
    }
}
