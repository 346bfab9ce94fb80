package web

import (
	"bytes"
	"net/http"

	"github.com/delegate365-onboard/delegate365-onboard/graph/tag"
)

// notMicrosoft ends the title of each page.
const notMicrosoft = " · Simulated tenant - not Microsoft"

// page is what is drawn of a visit.
type page struct {
	face          face
	links         []link
	who           string
	notice        string
	problem       *problem
	csrf          string
	path, address string // of this page, without its query and with it
	back          string // to the list that a page about an app password belongs to
}

func pageOf(v *visit) page {
	return page{v.face, v.links(), v.who(), v.notice, v.problem, v.session.csrf, v.r.URL.Path, v.r.URL.RequestURI(), v.back()}
}

// show renders a page: the layout around its body. name is how a program tells pages apart. The status is 200 unless the visit
// was given another.
func (v *visit) show(name, title string, body ...tag.Node) {
	var whole bytes.Buffer
	head, rest := pageOf(v).layout(name, title, body)
	if err := write(v, &whole, head, rest); err != nil {
		http.Error(v.w, "render the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if v.status != 0 {
		v.w.WriteHeader(v.status)
	}
	_, _ = whole.WriteTo(v.w)
}

// layout is the head of a page, and its body with what stands on every page.
func (p page) layout(name, title string, body tag.Group) (tag.Node, tag.Node) {
	full := title + notMicrosoft
	if p.problem != nil {
		full = "Error: " + full
	}
	head := tag.Head(tag.Lines(
		tag.Meta(tag.Attr("charset", "utf-8")),
		tag.Meta(tag.Name("viewport"), tag.Content("width=device-width, initial-scale=1")),
		tag.Title(tag.Text(full)),
		tag.NoIcon(),
		tag.Style(pageStyle),
	)...)
	return head, tag.Body(tag.Class(p.face.Class), tag.Data("page", name), tag.Lines(
		tag.A(tag.Class("skip"), tag.Href("#main"), tag.Text("Skip to content")),
		p.header(),
		tag.Main(tag.ID("main"), tag.TabIndex("-1"), tag.Lines(
			tag.H1(tag.Text(title)),
			realPlace(name),
			tag.If(p.notice != "", tag.P(tag.Class("notice"), tag.Role("status"), tag.Text(p.notice))),
			p.problem.section(),
			body,
		)),
		tag.If(name != "index", tag.Footer(tag.P(tag.A(tag.Href("/"), tag.Text("All pages of this simulated tenant"))))),
	))
}

func (p page) header() tag.Node {
	return tag.Header(tag.Lines(
		tag.P(tag.Class("banner"), tag.Strong(tag.Text("Simulated tenant - not Microsoft.")), tag.Text(" A rehearsal on this machine; never type a real password here.")),
		tag.Div(tag.Class("bar"), tag.Lines(
			tag.P(tag.Class("face"), tag.Text(p.face.Name)),
			tag.If(len(p.links) > 0, tag.Nav(tag.Aria("label", p.face.Name), tag.Lines(tag.Ul(tag.Map(p.links, p.navigation))))),
			tag.If(p.who != "", tag.P(tag.Class("who"), tag.Text("Signed in as "), tag.Strong(tag.Text(p.who)))),
		)),
	))
}

func (p page) navigation(l link) tag.Node {
	return tag.Li(tag.A(tag.Href(l.Path), tag.If(l.Path == p.path, tag.Aria("current", "page")), tag.Text(l.Text)))
}

// section is the problem as a page shows it, before the page's body.
func (p *problem) section() tag.Node {
	if p == nil {
		return nil
	}
	return tag.Section(tag.Class("problem"), tag.Role("alert"), tag.Aria("labelledby", "problem"), tag.Lines(
		tag.H2(tag.ID("problem"), tag.Text(p.Summary)),
		tag.If(p.Text != "", tag.P(tag.Flag("data-error"), tag.Text(p.Text))),
		tag.If(p.Hint != "", text("Only a rehearsal tells: "+p.Hint)),
		tag.If(p.CorrelationID != "", tag.Dl(tag.Lines(
			term("Correlation ID", p.CorrelationID),
			term("Trace ID", p.TraceID),
			term("Timestamp", p.Timestamp),
		))),
	))
}

func term(name, meaning string) tag.Node {
	return tag.Inline(tag.Dt(tag.Text(name)), tag.Dd(tag.Text(meaning)))
}
