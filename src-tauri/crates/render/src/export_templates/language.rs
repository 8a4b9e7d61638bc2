//! The part of minijinja's language that a user's template may use, checked on the tree that the engine itself reads.
//!
//! What is left out is what the engine's fuel does not bound: lists that are put together from values can hold themselves
//! twice, again and again, and comparing two such lists would never end.

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt};
use minijinja::machinery::{Span, Token, parse, tokenize};

use super::engine::{Wrong, told};

/// Signs between the brackets of one statement or expression: the engine walks what they mean as deep as it is long.
const SIGNS: usize = 200;
/// Branches of all ifs together, likewise.
const BRANCHES: usize = 100;

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
    statement(&tree)
}

fn wrong<T>(span: Span, message: &str) -> Result<T, Wrong> {
    Err(Wrong {
        line: Some(usize::from(span.start_line)),
        message: message.into(),
    })
}

fn all(body: &[Stmt<'_>]) -> Result<(), Wrong> {
    body.iter().try_for_each(statement)
}

fn statement(stmt: &Stmt<'_>) -> Result<(), Wrong> {
    match stmt {
        Stmt::Template(s) => all(&s.children),
        Stmt::EmitRaw(_) => Ok(()),
        Stmt::EmitExpr(s) => expression(&s.expr),
        Stmt::ForLoop(s) => {
            expression(&s.iter)?;
            maybe(s.filter_expr.as_ref())?;
            all(&s.body)?;
            all(&s.else_body)
        }
        Stmt::IfCond(s) => {
            expression(&s.expr)?;
            all(&s.true_body)?;
            all(&s.false_body)
        }
        Stmt::WithBlock(s) => {
            s.assignments
                .iter()
                .try_for_each(|(_, value)| expression(value))?;
            all(&s.body)
        }
        Stmt::Set(s) => expression(&s.expr),
        Stmt::SetBlock(s) => {
            maybe(s.filter.as_ref())?;
            all(&s.body)
        }
        Stmt::AutoEscape(s) => {
            expression(&s.enabled)?;
            all(&s.body)
        }
        Stmt::FilterBlock(s) => {
            expression(&s.filter)?;
            all(&s.body)
        }
        Stmt::Macro(s) => {
            s.defaults.iter().try_for_each(expression)?;
            all(&s.body)
        }
        Stmt::CallBlock(s) => {
            expression(&s.call.expr)?;
            arguments(&s.call.args)?;
            s.macro_decl.defaults.iter().try_for_each(expression)?;
            all(&s.macro_decl.body)
        }
        Stmt::Do(s) => wrong(
            s.span(),
            "This statement cannot be used in an export template (do).",
        ),
    }
}

fn maybe(expr: Option<&Expr<'_>>) -> Result<(), Wrong> {
    expr.map_or(Ok(()), expression)
}

fn expression(expr: &Expr<'_>) -> Result<(), Wrong> {
    match expr {
        Expr::Var(_) | Expr::Const(_) => Ok(()),
        Expr::Slice(e) => {
            expression(&e.expr)?;
            maybe(e.start.as_ref())?;
            maybe(e.stop.as_ref())?;
            maybe(e.step.as_ref())
        }
        Expr::UnaryOp(e) => expression(&e.expr),
        Expr::BinOp(e) => {
            let number = |side: &Expr<'_>| side.as_const().is_some_and(|value| value.is_number());
            match e.op {
                BinOpKind::Mul | BinOpKind::Pow => {
                    return wrong(e.span(), "Nothing can be multiplied in an export template.");
                }
                BinOpKind::Add if !number(&e.left) && !number(&e.right) => {
                    return wrong(
                        e.span(),
                        "Only a number that is written out can be added; texts are put together with ~.",
                    );
                }
                _ => {}
            }
            expression(&e.left)?;
            expression(&e.right)
        }
        Expr::Compare(e) => {
            expression(&e.expr)?;
            e.ops.iter().try_for_each(|op| expression(&op.expr))
        }
        Expr::IfExpr(e) => {
            expression(&e.test_expr)?;
            expression(&e.true_expr)?;
            maybe(e.false_expr.as_ref())
        }
        Expr::Filter(e) => {
            maybe(e.expr.as_ref())?;
            arguments(&e.args)
        }
        Expr::Test(e) => {
            expression(&e.expr)?;
            arguments(&e.args)
        }
        Expr::GetAttr(e) => expression(&e.expr),
        Expr::GetItem(e) => {
            expression(&e.expr)?;
            expression(&e.subscript_expr)
        }
        Expr::Call(e) => {
            expression(&e.expr)?;
            arguments(&e.args)
        }
        Expr::List(e) => words(&e.items, e.span()),
        Expr::Tuple(e) => words(&e.items, e.span()),
        Expr::Map(e) => wrong(e.span(), LISTS),
    }
}

const LISTS: &str = "A list that is written in an export template holds texts and numbers alone.";

fn words(items: &[Expr<'_>], span: Span) -> Result<(), Wrong> {
    match items.iter().all(|item| matches!(item, Expr::Const(_))) {
        true => Ok(()),
        false => wrong(span, LISTS),
    }
}

fn arguments(args: &[CallArg<'_>]) -> Result<(), Wrong> {
    args.iter().try_for_each(|arg| match arg {
        CallArg::Pos(value)
        | CallArg::Kwarg(_, value)
        | CallArg::PosSplat(value)
        | CallArg::KwargSplat(value) => expression(value),
    })
}
