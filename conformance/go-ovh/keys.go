package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/ovh/go-ovh/ovh"
)

const back = "https://example.com/back"

// press is what the person does on the page: opens it, and presses a button.
func press(state *ovh.CkValidationState, action string) *http.Response {
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page, err := browser.Get(state.ValidationURL)
	must(err)
	defer page.Body.Close()
	text, err := io.ReadAll(page.Body)
	must(err)
	expect(strings.Contains(string(text), "Authorize"), "there is no button on %s", text)
	pressed, err := browser.PostForm(state.ValidationURL, url.Values{"action": {action}})
	must(err)
	must(pressed.Body.Close())
	return pressed
}

func keys(r *run) {
	client := r.client(func(c *ovh.Client) { c.ConsumerKey = "" })
	r.step("an empty consumer key is sent, and is none", func() string {
		refused(client.Get("/me", nil), 401, "You must login first")
		return ""
	})
	r.step("a key is asked for, is pending, and is validated on the page", func() string {
		request := client.NewCkRequestWithRedirection(back)
		request.AddRules(ovh.ReadOnly, "/me")
		request.AddRecursiveRules(ovh.ReadOnly, "/vps")
		state, err := request.Do()
		must(err)
		equal([]interface{}{state.State, client.ConsumerKey}, []interface{}{"pendingValidation", state.ConsumerKey})
		refused(client.Get("/me", nil), 403, "This credential is not valid")
		pressed := press(state, "validate")
		equal([]interface{}{pressed.StatusCode, pressed.Header.Get("Location")}, []interface{}{302, back})
		return ""
	})
	r.step("it opens what its rules say, and nothing else", func() string {
		equal(get(client, "/me")["nichandle"], "ab12345-ovh")
		must(client.Get("/vps/"+list(client, "/vps")[0], nil))
		refused(client.Get("/dedicated/server", nil), 403, "This call has not been granted")
		refused(client.Put("/me", row{"city": "x"}, nil), 403, "This call has not been granted")
		return ""
	})
	r.step("it may ask about itself, and ends with a logout", func() string {
		equal(get(client, "/auth/currentCredential")["status"], "validated")
		must(client.Post("/auth/logout", nil, nil))
		refused(client.Get("/me", nil), 403, "This credential is not valid")
		return ""
	})
	r.step("the recursive rules of this package on a star keep it, and do not grant the path itself", func() string {
		request := client.NewCkRequest()
		request.AddRecursiveRules(ovh.ReadOnly, "/vps/*")
		state, err := request.Do()
		must(err)
		press(state, "validate")
		must(client.Get("/vps/"+list(r.admin, "/vps")[0], nil))
		refused(client.Get("/vps", nil), 403, "This call has not been granted")
		return ""
	})
}
