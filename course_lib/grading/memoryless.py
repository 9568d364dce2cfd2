"""Whether code can remember anything from one call to the next: often it plainly cannot, and one process is enough.

A function that could remember is asked in several processes (`examination.py`). That one cannot is proved without
running it: every part of every cell must be on the lists below. They leave a cell imports, definitions, constants, and
calls whose value is dropped, so that no list, closure or generator outlives a call. They leave a function no way to
change what does (a module, another function), nor to read what a call left behind: no memory that was not filled, such
as that of ``np.empty``; no exception in its hands, which would tell how much is left of memory and time; and no address
of an object. So there are no texts, which can be made to write out an address, and no sets and dicts, whose order or
errors can tell one. Much that is harmless is not on the lists: it proves nothing, and costs a process more.

Asked in the confined process, before the cell is run, since a hostile text can bring down the parser too. What is added
here must neither keep, nor catch, nor give away anything of the above.
"""

import ast
import builtins
import math


def words(text):
    """The words of a text."""
    return frozenset(text.split())


BUILTINS = words("""
    abs all any bool complex divmod enumerate filter float int isinstance len list map max min pow range reversed round
    slice sorted sum tuple zip
""")
OF_PYTHON = frozenset(dir(builtins))  # now: an interactive session adds names of its own
ATTRIBUTES = frozenset(name for name in dir(math) if not name.startswith("_")) | words("""
    LinAlgError T abs accumulate add all allclose amax amin any append arange arctan argmax argmin argpartition
    argsort array array_split asarray astype average axis bincount binomial bounds choice cholesky clip
    column_stack concatenate copy count cross cumprod cumsum default_rng delete det diag diff divide dot eig
    eigh eigvals eigvalsh eps expand_dims exponential extend eye finfo flatnonzero flatten flip float64 full
    full_like geomspace grad hess hstack identity imag indices inner insert int64 integers interp inv isin item
    lexsort linalg linspace logical_and logical_not logical_or logspace matmul max maximum mean median meshgrid
    min minimum multinomial multiply nanargmin nanmax nanmin ndim ndindex negative newaxis nonzero norm normal
    ones ones_like outer percentile permutation permuted pinv poisson pop power ptp qr quantile random ravel
    real reduce repeat reshape rint roll round searchsorted select setdiff1d shape shuffle sign size solve sort
    split square squeeze stack standard_exponential standard_normal std subtract sum svd take tile tolist trace
    transpose tri tril triu uniform unique unravel_index var vstack where zeros zeros_like
""")
IMPORTED = {"math": ATTRIBUTES, "numpy": ATTRIBUTES, "numpy.linalg": ATTRIBUTES, "numpy.random": {"default_rng"}}
IMPORTED["course_lib.learner"] = {"check", "hint", "solution"}  # which do nothing here
HINTED = ATTRIBUTES | words("Generator bool_ complex128 float32 floating generic int32 integer ndarray number")
UNFILLED = {None, "out", "where"}  # keywords by which a result may stay as the memory was
WORDS = words("kind ord side")  # keywords that take a text, where a method has them
TOP = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Expr, ast.Assign)
PLAIN = (
    ast.Return, ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If, ast.Pass, ast.Break, ast.Continue, ast.BoolOp,
    ast.BinOp, ast.UnaryOp, ast.IfExp, ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.Compare, ast.Subscript,
    ast.Slice, ast.Starred, ast.List, ast.Tuple, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop,
)  # fmt: skip
NAMES = (ast.Name, ast.Tuple, ast.expr_context)  # a star among them would make a list
HINT = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Tuple, ast.expr_context)


def proved(source):
    """Whether nothing that a cell defines can remember; False proves nothing."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return all(isinstance(one, TOP) and _kept(one) and allowed(one) for one in statements)


def _kept(statement):
    """Whether what stays of a statement cannot change."""
    if not isinstance(statement, ast.Assign):
        return True
    parts = (part for target in statement.targets for part in ast.walk(target))
    return constant(statement.value) and all(isinstance(part, NAMES) for part in parts)


def allowed(node):
    """Whether a node and all in it is on the lists."""
    left = [node]
    while left:
        node = left.pop()
        inner = WHERE.get(type(node), children)(node)
        if inner is None:
            return False
        left.extend(inner)
    return True


def children(node):
    """The nodes in one that is plain; None for one that is on no list."""
    return ast.iter_child_nodes(node) if isinstance(node, PLAIN) else None


def constant(node):
    """Whether an expression is a number, a truth value, None, or a tuple of such: what cannot change."""
    if isinstance(node, ast.Tuple):
        return all(map(constant, node.elts))
    node = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes))


# ------------------------------------------------------- for each kind of node: what is in it, or None if not allowed


def _name(node):
    known = node.id in BUILTINS or node.id not in OF_PYTHON
    return () if known and not dunder(node.id) else None


def _attribute(node):
    return [node.value] if node.attr in ATTRIBUTES and isinstance(node.ctx, ast.Load) else None


def _constant(node):
    return () if constant(node) else None


def _statement(node):
    """A value that is dropped; a text among them is a docstring."""
    return () if is_text(node.value) else [node.value]


def _function(node):
    bare = not node.decorator_list and not getattr(node, "type_params", None)
    return node.body if bare and not dunder(node.name) and hint(node.returns) and _arguments(node.args) else None


def _lambda(node):
    return [node.body] if _arguments(node.args) else None


def _arguments(given):
    """Whether defaults are constants, as they stay from call to call; keywords that are gathered would be texts."""
    defaults = [*given.defaults, *filter(None, given.kw_defaults)]
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, [given.vararg])]
    return not given.kwarg and all(map(constant, defaults)) and all(hint(one.annotation) for one in named)


def _annotated(node):
    return [node.target, *filter(None, [node.value])] if hint(node.annotation) else None


def _call(node):
    if any(one.arg in UNFILLED for one in node.keywords):
        return None
    method = isinstance(node.func, ast.Attribute)
    values = [one.value for one in node.keywords if not (method and one.arg in WORDS and is_text(one.value))]
    return [node.func, *node.args, *values]


def _import(node):
    return () if all(one.name in ("math", "numpy") and not dunder(one.asname) for one in node.names) else None


def _import_from(node):
    known = IMPORTED.get(node.module, ()) if not node.level else ()
    return () if all(one.name in known and not dunder(one.asname) for one in node.names) else None


WHERE = {
    ast.Name: _name, ast.Attribute: _attribute, ast.Constant: _constant, ast.Expr: _statement, ast.Lambda: _lambda,
    ast.FunctionDef: _function, ast.AnnAssign: _annotated, ast.Call: _call, ast.Import: _import,
    ast.ImportFrom: _import_from,
}  # fmt: skip


def dunder(name):
    """Whether a name, or None, is one of Python's own."""
    return (name or "").startswith("__")


def is_text(node):
    """Whether a node is a text as it stands."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def hint(node):
    """Whether an annotation, or None, calls nothing, and loads no part of NumPy that is loaded when it is needed."""
    parts = ast.walk(node) if node else ()
    return all(isinstance(part, HINT) and getattr(part, "attr", "ndarray") in HINTED for part in parts)
