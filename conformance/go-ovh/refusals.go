package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/ovh/go-ovh/ovh"
)

func refusals(r *run) {
	for _, style := range []string{"legacy", "current", "both"} {
		r.step(style+": wrong keys, secrets and paths", func() string {
			r.setting("errorStyle", style, func() { wrong(r, style) })
			return ""
		})
	}
	r.step("a page of a front end is the message", func() string {
		r.fault("/me", row{"kind": "html", "status": 503})
		refused(r.admin.Get("/me", nil), 503, "Service Unavailable")
		return ""
	})
	r.step("429, 460, 500 and a connection that ends", func() string {
		for _, status := range []int{409, 429, 460, 500, 504} {
			r.fault("/me", row{"kind": "status", "status": status, "message": "so it is"})
			refused(r.admin.Get("/me", nil), status, "so it is")
		}
		for _, kind := range []string{"cut", "lost-answer"} {
			r.fault("PUT /me", row{"kind": kind})
			expect(r.admin.Put("/me", row{"city": "x"}, nil) != nil, "%s was no error", kind)
		}
		return ""
	})
}

func wrong(r *run, style string) {
	cases := []struct {
		change  func(*ovh.Client)
		code    int
		message string
	}{
		{func(c *ovh.Client) { c.AppSecret = "x" }, 400, "Invalid signature"},
		{func(c *ovh.Client) { c.AppKey = "x" }, 403, "This application key is invalid"},
		{func(c *ovh.Client) { c.ConsumerKey = "x" }, 403, "This credential does not exist"},
	}
	for _, one := range cases {
		refusal := refused(r.client(one.change).Get("/me", nil), one.code, one.message)
		equal(strings.HasPrefix(refusal.Class, "Client::"), style != "legacy")
	}
	refused(r.admin.Get("/nothing", nil), 404, "Got an invalid (or empty) URL")
	refused(r.admin.Get("/vps/none", nil), 404, "(serviceName = none)")
}

// standIn is an HTTP transport that reaches the fake, whatever the host: this package takes OAuth2 for its own endpoints alone.
func standIn(r *run) http.RoundTripper {
	pem, err := os.ReadFile(r.settings["ca_file"])
	must(err)
	roots := x509.NewCertPool()
	expect(roots.AppendCertsFromPEM(pem), "no certificate in %s", r.settings["ca_file"])
	address, err := url.Parse(r.settings["endpoint"])
	must(err)
	dialer := &net.Dialer{}
	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: address.Hostname()},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address.Host)
		},
	}
}

func serviceAccounts(r *run) {
	usual := http.DefaultTransport
	http.DefaultTransport = standIn(r)
	defer func() { http.DefaultTransport = usual }()
	const token = "/auth/oauth2/token"
	account := func(secret string) *ovh.Client {
		client, err := ovh.NewOAuth2Client("ovh-eu", r.settings["client_id"], secret)
		must(err)
		return client
	}
	r.step("one token serves many calls of a service account", func() string {
		client, before := account(r.settings["client_secret"]), r.count(token)
		equal(get(client, "/me")["nichandle"], "ab12345-ovh")
		must(client.Get("/v2/iam/policy", nil))
		var details struct{ Identities []string }
		must(client.Get("/v1/auth/details", &details))
		expect(strings.Contains(strings.Join(details.Identities, " "), ":identity:credential:ab12345-ovh/oauth2-"), "%v", details.Identities)
		equal(r.count(token)-before, 1)
		return ""
	})
	r.step("a token with 10 seconds left is fetched anew", func() string {
		before := r.count(token)
		r.setting("tokenLifetime", 9, func() {
			client := account(r.settings["client_secret"])
			for n := 0; n < 3; n++ {
				must(client.Get("/me", nil))
			}
		})
		equal(r.count(token)-before, 3)
		return ""
	})
	r.step("an action that IAM does not allow is named", func() string {
		client, path := account(r.settings["client_secret"]), "clients/"+r.settings["client_id"]
		r.control("POST", path, row{"actions": []string{"vps:*"}})
		defer r.control("POST", path, row{"actions": []string{"*"}})
		must(client.Get("/vps", nil))
		refused(client.Get("/dedicated/server", nil), 403, "missing IAM permissions: dedicatedServer:apiovh:get")
		return ""
	})
	r.step("a wrong secret, and a token endpoint that fails", func() string {
		err := account("wrong").Get("/me", nil)
		expect(err != nil && strings.Contains(err.Error(), "invalid_client"), "it is %v", err)
		// The library asks twice, with the secret in the header and in the body.
		for n := 0; n < 2; n++ {
			r.fault(token, row{"kind": "html", "status": 503})
		}
		err = account(r.settings["client_secret"]).Get("/me", nil)
		expect(err != nil && strings.Contains(err.Error(), "503"), "it is %v", err)
		return ""
	})
}
