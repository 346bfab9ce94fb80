package tag

// Elements and attributes by their names (https://html.spec.whatwg.org/multipage/indices.html).

// A is the element a.
func A(parts ...Node) Node { return El("a", parts...) }

// Body is the element body.
func Body(parts ...Node) Node { return El("body", parts...) }

// Br is the element br.
func Br(parts ...Node) Node { return El("br", parts...) }

// Button is the element button.
func Button(parts ...Node) Node { return El("button", parts...) }

// Code is the element code.
func Code(parts ...Node) Node { return El("code", parts...) }

// Dd is the element dd.
func Dd(parts ...Node) Node { return El("dd", parts...) }

// Details is the element details.
func Details(parts ...Node) Node { return El("details", parts...) }

// Div is the element div.
func Div(parts ...Node) Node { return El("div", parts...) }

// Dl is the element dl.
func Dl(parts ...Node) Node { return El("dl", parts...) }

// Dt is the element dt.
func Dt(parts ...Node) Node { return El("dt", parts...) }

// FieldSet is the element fieldset.
func FieldSet(parts ...Node) Node { return El("fieldset", parts...) }

// Footer is the element footer.
func Footer(parts ...Node) Node { return El("footer", parts...) }

// Form is the element form.
func Form(parts ...Node) Node { return El("form", parts...) }

// H1 is the element h1.
func H1(parts ...Node) Node { return El("h1", parts...) }

// H2 is the element h2.
//
//go:noinline // every copy would be carried
func H2(parts ...Node) Node { return El("h2", parts...) }

// Head is the element head.
func Head(parts ...Node) Node { return El("head", parts...) }

// Header is the element header.
func Header(parts ...Node) Node { return El("header", parts...) }

// Input is the element input.
func Input(parts ...Node) Node { return El("input", parts...) }

// Label is the element label.
func Label(parts ...Node) Node { return El("label", parts...) }

// Legend is the element legend.
func Legend(parts ...Node) Node { return El("legend", parts...) }

// Li is the element li.
//
//go:noinline // every copy would be carried
func Li(parts ...Node) Node { return El("li", parts...) }

// Main is the element main.
func Main(parts ...Node) Node { return El("main", parts...) }

// Meta is the element meta.
func Meta(parts ...Node) Node { return El("meta", parts...) }

// Nav is the element nav.
func Nav(parts ...Node) Node { return El("nav", parts...) }

// Ol is the element ol.
func Ol(parts ...Node) Node { return El("ol", parts...) }

// P is the element p.
//
//go:noinline // every copy would be carried
func P(parts ...Node) Node { return El("p", parts...) }

// Pre is the element pre.
func Pre(parts ...Node) Node { return El("pre", parts...) }

// Section is the element section.
func Section(parts ...Node) Node { return El("section", parts...) }

// Span is the element span.
func Span(parts ...Node) Node { return El("span", parts...) }

// Strong is the element strong.
//
//go:noinline // every copy would be carried
func Strong(parts ...Node) Node { return El("strong", parts...) }

// Summary is the element summary.
func Summary(parts ...Node) Node { return El("summary", parts...) }

// SVG is the element svg.
func SVG(parts ...Node) Node { return El("svg", parts...) }

// Table is the element table.
func Table(parts ...Node) Node { return El("table", parts...) }

// TBody is the element tbody.
func TBody(parts ...Node) Node { return El("tbody", parts...) }

// Td is the element td.
func Td(parts ...Node) Node { return El("td", parts...) }

// Textarea is the element textarea.
func Textarea(parts ...Node) Node { return El("textarea", parts...) }

// Th is the element th.
func Th(parts ...Node) Node { return El("th", parts...) }

// THead is the element thead.
func THead(parts ...Node) Node { return El("thead", parts...) }

// Title is the element title.
func Title(parts ...Node) Node { return El("title", parts...) }

// Tr is the element tr.
func Tr(parts ...Node) Node { return El("tr", parts...) }

// Ul is the element ul.
func Ul(parts ...Node) Node { return El("ul", parts...) }

// AutoComplete is the attribute autocomplete.
func AutoComplete(value string) Node { return Attr("autocomplete", value) }

// Class is the attribute class.
//
//go:noinline // every copy would be carried
func Class(value string) Node { return Attr("class", value) }

// Content is the attribute content.
func Content(value string) Node { return Attr("content", value) }

// Download is the attribute download.
func Download(value string) Node { return Attr("download", value) }

// For is the attribute for.
func For(value string) Node { return Attr("for", value) }

// Height is the attribute height.
func Height(value string) Node { return Attr("height", value) }

// ID is the attribute id.
func ID(value string) Node { return Attr("id", value) }

// Method is the attribute method.
func Method(value string) Node { return Attr("method", value) }

// Name is the attribute name.
func Name(value string) Node { return Attr("name", value) }

// Role is the attribute role.
func Role(value string) Node { return Attr("role", value) }

// Rows is the attribute rows.
func Rows(value string) Node { return Attr("rows", value) }

// Scope is the attribute scope.
func Scope(value string) Node { return Attr("scope", value) }

// TabIndex is the attribute tabindex.
func TabIndex(value string) Node { return Attr("tabindex", value) }

// Type is the attribute type.
func Type(value string) Node { return Attr("type", value) }

// Value is the attribute value.
func Value(value string) Node { return Attr("value", value) }

// Width is the attribute width.
func Width(value string) Node { return Attr("width", value) }

// AutoFocus is the attribute autofocus.
func AutoFocus() Node { return Flag("autofocus") }

// Checked is the attribute checked.
func Checked() Node { return Flag("checked") }

// FormNoValidate is the attribute formnovalidate.
func FormNoValidate() Node { return Flag("formnovalidate") }

// Required is the attribute required.
func Required() Node { return Flag("required") }

// Aria is an attribute of accessibility, by what follows aria-.
func Aria(name, value string) Node { return Attr("aria-"+name, value) }

// Data is an attribute for programs, by what follows data-.
func Data(name, value string) Node { return Attr("data-"+name, value) }
