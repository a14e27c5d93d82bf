//! From words to a condition: recursive descent over this grammar, loosest first.
//!
//! ```text
//! condition  = both ("or" both)*
//! both       = negation ("and" negation)*
//! negation   = "not" negation | comparison
//! comparison = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)*
//! sum        = product (("+" | "-") product)*
//! product    = signed (("*" | "/") signed)*
//! signed     = "-" signed | power
//! power      = atom ("^" signed)?
//! atom       = number | text | "true" | "false" | name | function "(" sum ("," sum)* ")"
//!            | "(" condition ")"
//! ```

use std::collections::BTreeSet;

use super::ParseError;
use super::evaluate::{Comparison, Function, Node, Operator};
use super::token::{Token, tokens};
use crate::texts::{Text, text};

/// The longest constraint, in bytes.
const LONGEST: usize = 4000;
/// The deepest nesting of parentheses, signs, `not` and powers.
const DEEPEST: usize = 50;

/// What is known of a value before it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    /// True or false: a comparison, or a flag.
    Condition,
    /// A parameter: any of them.
    Name,
}

impl Kind {
    fn shown(self) -> Text {
        match self {
            Self::Number => text!("kind-number"),
            Self::Text => text!("kind-text"),
            Self::Condition => text!("constraint-condition"),
            Self::Name => text!("constraint-name"),
        }
    }
}

/// A part of a constraint, its kind, and the column at which it starts.
struct Part {
    node: Node,
    kind: Kind,
    column: usize,
}

impl Part {
    fn needs(self, kind: Kind, expected: Text) -> Result<Node, ParseError> {
        if self.kind == kind || self.kind == Kind::Name {
            return Ok(self.node);
        }
        Err(ParseError::new(self.column, expected, self.kind.shown()))
    }

    fn number(self) -> Result<Node, ParseError> {
        self.needs(Kind::Number, text!("kind-number"))
    }

    fn condition(self) -> Result<Node, ParseError> {
        self.needs(Kind::Condition, text!("constraint-comparison"))
    }
}

type Parsed = Result<Part, ParseError>;

pub(super) fn parse(text: &str) -> Result<(Node, BTreeSet<String>), ParseError> {
    if text.len() > LONGEST {
        let expected = text!("constraint-longest", LONGEST);
        return Err(ParseError::new(1, expected, text.len().to_string()));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        names: BTreeSet::new(),
    };
    let root = parser.any()?.condition()?;
    match parser.peek() {
        Token::End => Ok((root, parser.names)),
        Token::Sign(")") => Err(parser.unexpected(text!("constraint-opening"))),
        _ => Err(parser.unexpected(text!("constraint-operator-or-end"))),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    names: BTreeSet<String>,
}

impl Parser {
    /// The next token; the last one is always the end, which is never taken.
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn column(&self) -> usize {
        self.tokens[self.at].1
    }

    fn unexpected(&self, expected: Text) -> ParseError {
        ParseError::new(self.column(), expected, self.peek().shown())
    }

    fn take(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == token;
        self.at += usize::from(is_next);
        is_next
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        self.take(&Token::Sign(sign))
    }

    fn word(&mut self, word: &'static str) -> bool {
        self.take(&Token::Word(word))
    }

    /// One level deeper, bounded so that no text exhausts the stack.
    fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == DEEPEST {
            return Err(self.unexpected(text!("constraint-nesting", DEEPEST)));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn any(&mut self) -> Parsed {
        self.joined("or", Self::both, Node::Any)
    }

    fn both(&mut self) -> Parsed {
        self.joined("and", Self::negation, Node::All)
    }

    fn joined(
        &mut self,
        word: &'static str,
        side: impl Fn(&mut Self) -> Parsed,
        join: impl FnOnce(Vec<Node>) -> Node,
    ) -> Parsed {
        let first = side(self)?;
        if *self.peek() != Token::Word(word) {
            return Ok(first);
        }
        let column = first.column;
        let mut sides = vec![first.condition()?];
        while self.word(word) {
            sides.push(side(self)?.condition()?);
        }
        Ok(Part {
            node: join(sides),
            kind: Kind::Condition,
            column,
        })
    }

    fn negation(&mut self) -> Parsed {
        let column = self.column();
        if !self.word("not") {
            return self.comparison();
        }
        let inner = self.deeper(Self::negation)?.condition()?;
        Ok(Part {
            node: Node::Not(Box::new(inner)),
            kind: Kind::Condition,
            column,
        })
    }

    fn comparison(&mut self) -> Parsed {
        let first = self.sum()?;
        let (column, mut kind) = (first.column, first.kind);
        let mut before = (first.kind, first.column);
        let mut node = Some(first.node);
        let mut rest = Vec::new();
        while let Some(comparison) = self.comparison_sign() {
            let next = self.sum()?;
            if comparison.orders() {
                for (kind, column) in [before, (next.kind, next.column)] {
                    if !matches!(kind, Kind::Number | Kind::Name) {
                        return Err(ParseError::new(column, text!("kind-number"), kind.shown()));
                    }
                }
            } else if before.0 != next.kind && before.0 != Kind::Name && next.kind != Kind::Name {
                let expected = text!("constraint-as-left", kind = before.0.shown());
                return Err(ParseError::new(next.column, expected, next.kind.shown()));
            }
            before = (next.kind, next.column);
            kind = Kind::Condition;
            rest.push((comparison, next.node));
        }
        let first = node.take().unwrap_or(Node::Flag(false));
        let node = if rest.is_empty() {
            first
        } else {
            Node::Chain(Box::new(first), rest)
        };
        Ok(Part { node, kind, column })
    }

    fn comparison_sign(&mut self) -> Option<Comparison> {
        let Token::Sign(sign) = self.peek() else {
            return None;
        };
        let comparison = Comparison::of(sign)?;
        self.at += 1;
        Some(comparison)
    }

    fn sum(&mut self) -> Parsed {
        self.arithmetic(
            &[("+", Operator::Plus), ("-", Operator::Minus)],
            Self::product,
        )
    }

    fn product(&mut self) -> Parsed {
        self.arithmetic(
            &[("*", Operator::Times), ("/", Operator::Over)],
            Self::signed,
        )
    }

    fn arithmetic(
        &mut self,
        operators: &[(&'static str, Operator)],
        term: impl Fn(&mut Self) -> Parsed,
    ) -> Parsed {
        let first = term(self)?;
        let is_next = |parser: &Self| {
            let found = operators
                .iter()
                .find(|(sign, _)| *parser.peek() == Token::Sign(sign));
            found.map(|(_, operator)| *operator)
        };
        if is_next(self).is_none() {
            return Ok(first);
        }
        let column = first.column;
        let first = first.number()?;
        let mut rest = Vec::new();
        while let Some(operator) = is_next(self) {
            self.at += 1;
            rest.push((operator, term(self)?.number()?));
        }
        Ok(Part {
            node: Node::Arithmetic(Box::new(first), rest),
            kind: Kind::Number,
            column,
        })
    }

    fn signed(&mut self) -> Parsed {
        let column = self.column();
        if !self.sign("-") {
            return self.power();
        }
        let inner = self.deeper(Self::signed)?.number()?;
        Ok(Part {
            node: Node::Minus(Box::new(inner)),
            kind: Kind::Number,
            column,
        })
    }

    fn power(&mut self) -> Parsed {
        let base = self.atom()?;
        if !self.sign("^") {
            return Ok(base);
        }
        let column = base.column;
        let base = base.number()?;
        let exponent = self.deeper(Self::signed)?.number()?;
        Ok(Part {
            node: Node::Arithmetic(Box::new(base), vec![(Operator::Power, exponent)]),
            kind: Kind::Number,
            column,
        })
    }

    fn atom(&mut self) -> Parsed {
        let column = self.column();
        let (node, kind) = match self.peek().clone() {
            Token::Number(number) => (Node::Number(number), Kind::Number),
            Token::Text(text) => (Node::Text(text), Kind::Text),
            Token::Word("true") => (Node::Flag(true), Kind::Condition),
            Token::Word("false") => (Node::Flag(false), Kind::Condition),
            Token::Name(name) if self.tokens[self.at + 1].0 == Token::Sign("(") => {
                return self.deeper(|parser| parser.call(&name));
            }
            Token::Name(name) => {
                self.names.insert(name.clone());
                (Node::Name(name), Kind::Name)
            }
            Token::Sign("(") => {
                self.at += 1;
                let inner = self.deeper(Self::any)?;
                if !self.sign(")") {
                    return Err(self.unexpected(text!("constraint-closing")));
                }
                return Ok(Part { column, ..inner });
            }
            _ => {
                return Err(self.unexpected(text!("constraint-atom")));
            }
        };
        self.at += 1;
        Ok(Part { node, kind, column })
    }

    fn call(&mut self, name: &str) -> Parsed {
        let column = self.column();
        let Some(function) = Function::of(name) else {
            return Err(self.unexpected(text!("constraint-function", known = Function::known())));
        };
        self.at += 2;
        let mut arguments = vec![self.sum()?.number()?];
        while self.sign(",") {
            arguments.push(self.sum()?.number()?);
        }
        if !self.sign(")") {
            return Err(self.unexpected(text!("constraint-argument")));
        }
        let count = arguments.len();
        if function.takes_one() && count != 1 {
            let expected = text!("constraint-one-value", name);
            return Err(ParseError::new(column, expected, count.to_string()));
        }
        Ok(Part {
            node: Node::Call(function, arguments),
            kind: Kind::Number,
            column,
        })
    }
}
