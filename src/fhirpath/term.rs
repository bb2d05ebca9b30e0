//! Parses the operands: literals, names, calls, and what is chained to them.
//! Clause: <https://hl7.org/fhirpath/N1/#literals>, <https://hl7.org/fhirpath/N1/#path-selection>.

use super::error::CompileError;
use super::function::{self, Function, Takes};
use super::item::Item;
use super::lexer::Token;
use super::number;
use super::parser::{Grown, Parser};
use super::quantity::Quantity;
use super::tree::{Step, Tree};
use super::unit;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// Words that cannot start a term, because the grammar keeps them.
const KEPT: &[&str] = &["and", "or", "xor", "implies", "div", "mod"];

impl Parser {
    /// A term with everything that is chained to it.
    pub(super) fn term(&mut self) -> Result<Grown, CompileError> {
        let mut term = self.start()?;
        loop {
            if self.take(".") {
                let name = self.name()?;
                term = self.invoked(Some(term), name)?;
            } else if self.take("[") {
                let index = self.expression(0)?;
                self.expect("]")?;
                let height = term.height.max(index.height);
                let (of, index) = (Box::new(term.tree), Box::new(index.tree));
                term = self.grown(Tree::Item { of, index }, height)?;
            } else {
                return Ok(term);
            }
        }
    }

    fn start(&mut self) -> Result<Grown, CompileError> {
        let position = self.position();
        let tree = match self.peek().clone() {
            Token::Symbol("(") => {
                self.next();
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Symbol("{") => {
                self.next();
                self.expect("}")?;
                Tree::Empty
            }
            Token::String(text) => {
                self.next();
                Tree::Literal(Item::text(text))
            }
            Token::Number(text) => {
                self.next();
                self.number(&text, position)?
            }
            Token::Moment(moment) => {
                self.next();
                Tree::Literal(Item::Moment(moment.0))
            }
            Token::Variable(name) => {
                self.next();
                Tree::Variable(name)
            }
            Token::Dollar(name) => {
                let tree = match name.as_str() {
                    "this" => Tree::This,
                    "index" => Tree::Index,
                    "total" => Tree::Total,
                    _ => return Err(self.unexpected("`$this`, `$index` or `$total`")),
                };
                self.next();
                tree
            }
            Token::Word(word) if word == "true" || word == "false" => {
                self.next();
                Tree::Literal(Item::Boolean(word == "true"))
            }
            Token::Word(word) if KEPT.contains(&word.as_str()) => {
                return Err(self.unexpected("an operand"));
            }
            Token::Word(_) | Token::Quoted(_) => {
                let name = self.name()?;
                return self.invoked(None, name);
            }
            Token::Symbol(_) | Token::End => return Err(self.unexpected("an operand")),
        };
        self.grown(tree, 0)
    }

    /// A number, or the quantity it makes with the unit behind it.
    fn number(&mut self, text: &str, position: usize) -> Result<Tree, CompileError> {
        let wide = || CompileError::new("the number is out of range", position);
        let value = number::decimal(text).ok_or_else(wide)?;
        let unit = match self.peek() {
            Token::String(code) => Some((code.clone(), false)),
            Token::Word(word) if unit::calendar(word).is_some() => Some((word.clone(), true)),
            _ => None,
        };
        if let Some((unit, calendar)) = unit {
            self.next();
            let unit = Cow::Owned(unit);
            return Ok(Tree::Literal(Item::Quantity(Quantity { value, unit, calendar })));
        }
        if text.contains('.') {
            return Ok(Tree::Literal(Item::Decimal(value)));
        }
        let whole = value <= Decimal::from(i32::MAX);
        let number = text.parse().ok().filter(|_| whole).ok_or_else(wide)?;
        Ok(Tree::Literal(Item::Integer(number)))
    }

    /// A name, or a call of that name, on an input or on the unwritten one.
    fn invoked(&mut self, input: Option<Grown>, name: String) -> Result<Grown, CompileError> {
        let position = self.position();
        if self.take("(") {
            return self.call(input, &name, position);
        }
        let step = Step::new(name);
        let Some(input) = input else {
            return self.grown(Tree::Path { start: None, steps: vec![step] }, 0);
        };
        let height = input.height;
        match input.tree {
            Tree::Path { start, mut steps } => {
                steps.push(step);
                Ok(Grown { tree: Tree::Path { start, steps }, height })
            }
            tree => {
                let start = Some(Box::new(tree));
                self.grown(Tree::Path { start, steps: vec![step] }, height)
            }
        }
    }

    fn call(&mut self, input: Option<Grown>, name: &str, position: usize) -> Result<Grown, CompileError> {
        let function = function::named(name)
            .ok_or_else(|| CompileError::new(format!("there is no function `{name}` here"), position))?;
        let input = match input {
            Some(input) => input,
            None => self.grown(Tree::This, 0)?,
        };
        let (mut arguments, mut height) = (Vec::new(), input.height);
        while !self.take(")") {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            let argument = match function.takes {
                Takes::Type => {
                    let wanted = self.type_name()?;
                    self.grown(Tree::Type(wanted), 0)?
                }
                _ => self.expression(0)?,
            };
            height = height.max(argument.height);
            arguments.push(argument.tree);
        }
        check_arity(function, arguments.len(), position)?;
        let function = meant(function, &input.tree);
        if function.takes == Takes::Pattern
            && let Some(pattern) = arguments.first_mut()
        {
            compile_pattern(function, pattern, position)?;
        }
        let input = Box::new(input.tree);
        self.grown(Tree::Call { function, input, arguments }, height)
    }
}

/// `as()` insists on one item, but dom-3, which holds for every resource of R4, casts all
/// `descendants()` at once: there it is `ofType()` that is meant.
fn meant(function: &'static Function, input: &Tree) -> &'static Function {
    match input {
        Tree::Call { function: inner, .. }
            if function.name == "as" && matches!(inner.name, "descendants" | "children") =>
        {
            function::named("ofType").unwrap_or(function)
        }
        _ => function,
    }
}

fn check_arity(function: &Function, given: usize, position: usize) -> Result<(), CompileError> {
    if function.arity.contains(&given) {
        return Ok(());
    }
    let (least, most) = (function.arity.start(), function.arity.end());
    let wanted = if least == most { format!("{least}") } else { format!("{least} to {most}") };
    let message = format!("`{}` takes {wanted} arguments, not {given}", function.name);
    Err(CompileError::new(message, position))
}

/// A pattern that stands in the text is compiled with it, and refused with it.
fn compile_pattern(function: &Function, argument: &mut Tree, position: usize) -> Result<(), CompileError> {
    if let Tree::Literal(Item::String(text)) = argument {
        let text = text.to_string();
        let regex = function::pattern(&text, function.name == "matchesFull")
            .map_err(|message| CompileError::new(message, position))?;
        *argument = Tree::Pattern { text, regex };
    }
    Ok(())
}
