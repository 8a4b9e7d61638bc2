//! The part of minijinja's language that a user's template may use, checked on the tree that the engine itself reads.
//!
//! What is left out is what the engine's fuel does not count: lists that are put together from values can hold themselves
//! twice, again and again; two texts are compared, and a text is cut, at one step however long they are. So one side of a
//! comparison is written out, and what is cut is the page's own and near its beginning.

use std::collections::HashSet;

use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr, Stmt, UnaryOpKind};
use minijinja::machinery::{Span, Token, parse, tokenize};

use super::engine::{Wrong, is_ours, line_mark, told};

/// Signs between the brackets of one statement or expression: the engine walks what they mean as deep as it is long.
const SIGNS: usize = 200;
/// Branches of all ifs together, likewise.
const BRANCHES: usize = 100;
/// The last letter or entry that brackets reach, which the engine counts its way to.
const REACH: usize = 1_000;
/// Bytes of a text that something is compared with.
const COMPARED: usize = 200;

/// Reads the template and refuses what it may not use.
pub(super) fn check(source: &str) -> Result<(), Wrong> {
    let (mut signs, mut branches) = (0, 0);
    for token in tokenize(source, false, Default::default()) {
        let (token, span) = token.map_err(|error| told(&error))?;
        match token {
            Token::TemplateData(_) | Token::BlockStart | Token::VariableStart => signs = 0,
            Token::Ident("elif") => branches += 1,
            _ => signs += 1,
        }
        if signs > SIGNS {
            return wrong(
                span,
                "This expression is too long. Part it with set, or write several.",
            );
        }
        if branches > BRANCHES {
            return wrong(span, "The template has more than 100 times elif.");
        }
    }
    let tree = parse(source, "template", Default::default()).map_err(|error| told(&error))?;
    let mut reader = Reader::default();
    reader.names(&tree);
    reader.statement(&tree)
}

/// The template with a mark before every `<` of its own that says in which line it stands, so that what the markup is
/// refused for can be told with its line.
pub(super) fn with_lines(source: &str) -> Option<String> {
    let mut out = String::with_capacity(source.len() * 2);
    let mut done = 0;
    let mut line = 1;
    for token in tokenize(source, false, Default::default()) {
        let (token, span) = token.ok()?;
        let Token::TemplateData(data) = token else {
            continue;
        };
        let start = usize::try_from(span.start_offset).ok()?;
        let between = source.get(done..start)?;
        out.push_str(between);
        line += between.matches('\n').count();
        for c in data.chars() {
            match c {
                '<' => out.push_str(&line_mark(line)),
                '\n' => line += 1,
                _ => {}
            }
            out.push(c);
        }
        done = start + data.len();
    }
    out.push_str(source.get(done..)?);
    Some(out)
}

fn wrong<T>(span: Span, message: &str) -> Result<T, Wrong> {
    Err(Wrong {
        line: Some(usize::from(span.start_line)),
        message: message.into(),
    })
}

const LISTS: &str = "A list that is written in an export template holds texts and numbers alone.";
const COMPARISONS: &str = "One side of a comparison is written out, as in status == \"done\", or is a number of the loop or of |length. A text that is written out there has at most 200 bytes.";
const CUTS: &str = "Only the page's own values can be cut or looked into with brackets, and a number between them is written out, from 0 to 1000. Others have first, last and names after a dot.";

/// Reads the tree.
#[derive(Default)]
struct Reader<'a> {
    /// Names that the template itself gives to values, which can be of any length. A loop gives names, too, but to parts of
    /// what the page has, or to single letters.
    given: HashSet<&'a str>,
}

impl<'a> Reader<'a> {
    /// Collects the names that are given anywhere in a statement.
    fn names(&mut self, stmt: &Stmt<'a>) {
        let bodies: [&[Stmt<'a>]; 2] = match stmt {
            Stmt::Template(s) => [&s.children, &[]],
            Stmt::ForLoop(s) => [&s.body, &s.else_body],
            Stmt::IfCond(s) => [&s.true_body, &s.false_body],
            Stmt::WithBlock(s) => {
                for (target, _) in &s.assignments {
                    self.name(target);
                }
                [&s.body, &[]]
            }
            Stmt::Set(s) => {
                self.name(&s.target);
                return;
            }
            Stmt::SetBlock(s) => {
                self.name(&s.target);
                [&s.body, &[]]
            }
            Stmt::AutoEscape(s) => [&s.body, &[]],
            Stmt::FilterBlock(s) => [&s.body, &[]],
            Stmt::Macro(s) => {
                s.args.iter().for_each(|arg| self.name(arg));
                [&s.body, &[]]
            }
            Stmt::CallBlock(s) => {
                s.macro_decl.args.iter().for_each(|arg| self.name(arg));
                [&s.macro_decl.body, &[]]
            }
            Stmt::EmitRaw(_) | Stmt::EmitExpr(_) | Stmt::Do(_) => return,
        };
        for body in bodies {
            body.iter().for_each(|stmt| self.names(stmt));
        }
    }

    fn name(&mut self, target: &Expr<'a>) {
        match target {
            Expr::Var(var) => {
                self.given.insert(var.id);
            }
            Expr::List(list) => list.items.iter().for_each(|item| self.name(item)),
            Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| self.name(item)),
            _ => {}
        }
    }

    /// A value of the page, or a part of one.
    fn is_of_the_page(&self, expr: &Expr<'a>) -> bool {
        match expr {
            Expr::Var(var) => !self.given.contains(var.id),
            Expr::GetAttr(e) => self.is_of_the_page(&e.expr),
            Expr::GetItem(e) => self.is_of_the_page(&e.expr),
            _ => false,
        }
    }

    fn all(&self, body: &[Stmt<'a>]) -> Result<(), Wrong> {
        body.iter().try_for_each(|stmt| self.statement(stmt))
    }

    fn statement(&self, stmt: &Stmt<'a>) -> Result<(), Wrong> {
        match stmt {
            Stmt::Template(s) => self.all(&s.children),
            Stmt::EmitRaw(_) => Ok(()),
            Stmt::EmitExpr(s) => self.expression(&s.expr),
            Stmt::ForLoop(s) => {
                self.expression(&s.iter)?;
                self.maybe(s.filter_expr.as_ref())?;
                self.all(&s.body)?;
                self.all(&s.else_body)
            }
            Stmt::IfCond(s) => {
                self.expression(&s.expr)?;
                self.all(&s.true_body)?;
                self.all(&s.false_body)
            }
            Stmt::WithBlock(s) => {
                s.assignments
                    .iter()
                    .try_for_each(|(_, value)| self.expression(value))?;
                self.all(&s.body)
            }
            Stmt::Set(s) => self.expression(&s.expr),
            Stmt::SetBlock(s) => {
                self.maybe(s.filter.as_ref())?;
                self.all(&s.body)
            }
            Stmt::AutoEscape(s) => {
                self.expression(&s.enabled)?;
                self.all(&s.body)
            }
            Stmt::FilterBlock(s) => {
                self.expression(&s.filter)?;
                self.all(&s.body)
            }
            Stmt::Macro(s) => {
                self.expressions(&s.defaults)?;
                self.all(&s.body)
            }
            Stmt::CallBlock(s) => {
                self.expression(&s.call.expr)?;
                self.arguments(&s.call.args)?;
                self.expressions(&s.macro_decl.defaults)?;
                self.all(&s.macro_decl.body)
            }
            Stmt::Do(s) => wrong(
                s.span(),
                "This statement cannot be used in an export template (do).",
            ),
        }
    }

    fn expressions(&self, exprs: &[Expr<'a>]) -> Result<(), Wrong> {
        exprs.iter().try_for_each(|expr| self.expression(expr))
    }

    fn maybe(&self, expr: Option<&Expr<'a>>) -> Result<(), Wrong> {
        expr.map_or(Ok(()), |expr| self.expression(expr))
    }

    fn expression(&self, expr: &Expr<'a>) -> Result<(), Wrong> {
        match expr {
            Expr::Var(_) => Ok(()),
            Expr::Const(e) => match e.value.as_str() {
                Some(text) if is_ours(text) => wrong(
                    e.span(),
                    "A text here has a character that no text may hold. Remove it.",
                ),
                _ => Ok(()),
            },
            Expr::Slice(e) => {
                let ends = [e.start.as_ref(), e.stop.as_ref()];
                if !self.is_of_the_page(&e.expr)
                    || !ends.into_iter().flatten().all(is_place)
                    || e.step.is_some()
                {
                    return wrong(e.span(), CUTS);
                }
                self.expression(&e.expr)
            }
            Expr::UnaryOp(e) => self.expression(&e.expr),
            Expr::BinOp(e) => {
                let number =
                    |side: &Expr<'_>| side.as_const().is_some_and(|value| value.is_number());
                let refused = match e.op {
                    BinOpKind::Mul | BinOpKind::Pow => {
                        Some("Nothing can be multiplied in an export template.")
                    }
                    BinOpKind::Add if !number(&e.left) && !number(&e.right) => Some(
                        "Only a number that is written out can be added; texts are put together with ~.",
                    ),
                    BinOpKind::Eq
                    | BinOpKind::Ne
                    | BinOpKind::Lt
                    | BinOpKind::Lte
                    | BinOpKind::Gt
                    | BinOpKind::Gte
                        if !are_comparable(&e.left, &e.right) =>
                    {
                        Some(COMPARISONS)
                    }
                    BinOpKind::In if !can_be_in(&e.left, &e.right) => Some(COMPARISONS),
                    _ => None,
                };
                if let Some(why) = refused {
                    return wrong(e.span(), why);
                }
                self.expression(&e.left)?;
                self.expression(&e.right)
            }
            Expr::Compare(e) => {
                let mut left = &e.expr;
                self.expression(left)?;
                for op in &e.ops {
                    self.expression(&op.expr)?;
                    let good = match op.op {
                        CompareOpKind::In | CompareOpKind::NotIn => can_be_in(left, &op.expr),
                        _ => are_comparable(left, &op.expr),
                    };
                    if !good {
                        return wrong(e.span(), COMPARISONS);
                    }
                    left = &op.expr;
                }
                Ok(())
            }
            Expr::IfExpr(e) => {
                self.expression(&e.test_expr)?;
                self.expression(&e.true_expr)?;
                self.maybe(e.false_expr.as_ref())
            }
            Expr::Filter(e) => {
                self.maybe(e.expr.as_ref())?;
                self.arguments(&e.args)
            }
            Expr::Test(e) => {
                self.expression(&e.expr)?;
                self.arguments(&e.args)
            }
            Expr::GetAttr(e) => self.expression(&e.expr),
            Expr::GetItem(e) => {
                let name =
                    matches!(&e.subscript_expr, Expr::Const(c) if c.value.as_str().is_some());
                if !self.is_of_the_page(&e.expr) || !(name || is_place(&e.subscript_expr)) {
                    return wrong(e.span(), CUTS);
                }
                self.expression(&e.expr)?;
                self.expression(&e.subscript_expr)
            }
            Expr::Call(e) => {
                if let Expr::GetAttr(method) = &e.expr {
                    // It compares texts of any length.
                    if method.name == "changed" {
                        return wrong(e.span(), "changed cannot be used in an export template.");
                    }
                    // The engine divides by how many there are.
                    if method.name == "cycle" && !matches!(e.args.first(), Some(CallArg::Pos(_))) {
                        return wrong(e.span(), "cycle needs the values that take turns.");
                    }
                }
                self.expression(&e.expr)?;
                self.arguments(&e.args)
            }
            Expr::List(e) => self.words(&e.items, e.span()),
            Expr::Tuple(e) => self.words(&e.items, e.span()),
            Expr::Map(e) => wrong(e.span(), LISTS),
        }
    }

    fn words(&self, items: &[Expr<'a>], span: Span) -> Result<(), Wrong> {
        match items.iter().all(|item| matches!(item, Expr::Const(_))) {
            true => self.expressions(items),
            false => wrong(span, LISTS),
        }
    }

    fn arguments(&self, args: &[CallArg<'a>]) -> Result<(), Wrong> {
        args.iter().try_for_each(|arg| match arg {
            CallArg::Pos(value)
            | CallArg::Kwarg(_, value)
            | CallArg::PosSplat(value)
            | CallArg::KwargSplat(value) => self.expression(value),
        })
    }
}

fn are_comparable(left: &Expr<'_>, right: &Expr<'_>) -> bool {
    [left, right]
        .into_iter()
        .any(|side| is_short(side) || is_short_list(side))
}

/// What is looked for in a text is made a text first, and one of a whole list would be long.
fn can_be_in(item: &Expr<'_>, list: &Expr<'_>) -> bool {
    is_short(item) || is_short_list(list)
}

/// A short text or a number that is written out, or what is a number whatever the page holds.
fn is_short(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Const(e) => e.value.as_str().is_none_or(|text| text.len() <= COMPARED),
        Expr::UnaryOp(e) => matches!(e.op, UnaryOpKind::Neg) && is_short(&e.expr),
        Expr::Filter(e) => matches!(e.name, "length" | "count"),
        Expr::GetAttr(e) => {
            matches!(&e.expr, Expr::Var(var) if var.id == "loop")
                && (e.name.contains("index") || matches!(e.name, "length" | "depth" | "depth0"))
        }
        _ => false,
    }
}

/// A number between brackets.
fn is_place(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Const(e) if e.value.as_usize().is_some_and(|place| place <= REACH))
}

fn is_short_list(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::List(e) => e.items.iter().all(is_short),
        Expr::Tuple(e) => e.items.iter().all(is_short),
        _ => false,
    }
}
