package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/ovh/go-ovh/ovh"
)

func configuration(r *run) {
	s := r.settings
	r.step("an endpoint by its URL, without a slash at the end", func() string {
		_, err := ovh.NewClient(s["endpoint"]+"/", "a", "b", "c")
		expect(err != nil, "a slash was taken")
		_, err = ovh.NewClient("nowhere", "a", "b", "c")
		expect(err != nil, "nowhere was taken")
		return ""
	})
	r.step("keys from a file and from the environment", func() string {
		text := fmt.Sprintf("[default]\nendpoint = %[1]s\n[%[1]s]\napplication_key = %[2]s\napplication_secret = %[3]s\nconsumer_key = %[4]s\n",
			s["endpoint"], s["application_key"], s["application_secret"], s["consumer_key"])
		must(os.WriteFile("ovh.conf", []byte(text), 0o600))
		client, err := ovh.NewDefaultClient()
		must(os.Remove("ovh.conf"))
		must(err)
		equal(get(client, "/me")["nichandle"], "ab12345-ovh")
		for name, member := range map[string]string{
			"OVH_ENDPOINT": "endpoint", "OVH_APPLICATION_KEY": "application_key",
			"OVH_APPLICATION_SECRET": "application_secret", "OVH_CONSUMER_KEY": "consumer_key",
		} {
			must(os.Setenv(name, s[member]))
			defer os.Unsetenv(name)
		}
		client, err = ovh.NewDefaultClient()
		must(err)
		equal(get(client, "/me")["nichandle"], "ab12345-ovh")
		return ""
	})
}

func calls(r *run) {
	client := r.admin
	r.step("the time of the server is asked once, and its skew is made up for", func() string {
		fresh, before := r.client(nil), r.count("/1.0/auth/time")
		delta, err := fresh.TimeDelta()
		must(err)
		expect(delta > -24*time.Hour-3*time.Second && delta < -24*time.Hour+3*time.Second, "the delta is %s", delta)
		for n := 0; n < 3; n++ {
			must(fresh.Get("/me", nil))
		}
		equal(r.count("/1.0/auth/time")-before, 1)
		must(fresh.Ping())
		return delta.Round(time.Second).String()
	})
	r.step("POST, GET, PUT and DELETE of a record of a zone", func() string {
		zone := list(client, "/domain/zone")[0]
		var made row
		must(client.Post("/domain/zone/"+zone+"/record", row{"fieldType": "A", "subDomain": "go", "target": "192.0.2.1"}, &made))
		path := fmt.Sprintf("/domain/zone/%s/record/%s", zone, made["id"].(json.Number))
		must(client.Put(path, row{"target": "192.0.2.2", "ttl": 60}, nil))
		equal(get(client, path)["target"], "192.0.2.2")
		must(client.Delete(path, nil))
		refused(client.Get(path, nil), 404, "Client::NotFound", "does not exist", "X-OVH-Query-Id: SIM.ext-1.")
		return ""
	})
	r.step("/1.0, /v1 and /v2; /v10 is an ordinary path", func() string {
		equal(get(client, "/v1/me"), get(client, "/me"))
		var policies []row
		must(client.Get("/v2/iam/policy", &policies))
		equal(policies[0]["name"], "ovh-default")
		refused(client.Get("/v10/me", nil), 404, "invalid (or empty) URL")
		equal(r.count("/1.0/v10/me"), 1)
		return ""
	})
	r.step("letters of all kinds in queries, paths and bodies, as raw UTF-8", func() string {
		block := list(client, "/ip?type=failover")[0]
		for _, text := range []string{"two words", "a+b", "50% & more", "façade €", "日本 😀", "~*'()!", "=?#", "<&>"} {
			must(client.Put("/ip/"+url.PathEscape(block), row{"description": text}, nil))
			equal(list(client, "/ip?"+url.Values{"description": {text}}.Encode()), []string{block})
		}
		return ""
	})
	r.step("null, booleans and numbers in a body, and no body", func() string {
		path := "/dedicated/server/" + list(client, "/dedicated/server")[0]
		must(client.Put(path, row{"monitoring": false, "rescueMail": nil, "bootId": 22}, nil))
		answer := get(client, path)
		equal([]interface{}{answer["monitoring"], answer["rescueMail"], answer["bootId"]}, []interface{}{false, nil, json.Number("22")})
		must(client.Put("/me", nil, nil))
		must(client.Post("/domain/zone/"+list(client, "/domain/zone")[0]+"/refresh", nil, nil))
		return ""
	})
	r.step("calls without authentication", func() string {
		must(client.GetUnAuth("/auth/time", nil))
		must(client.GetUnAuth("/vps.json", nil))
		refused(client.GetUnAuth("/me", nil), 401, "Client::Unauthorized", "You must login first")
		return ""
	})
	r.step("pages of v2 by the headers of a request", func() string {
		seen, cursor := map[string]bool{}, ""
		for {
			request, err := client.NewRequest("GET", "/v2/iam/resource", nil, true)
			must(err)
			request.Header.Set("X-Pagination-Size", "7")
			if cursor != "" {
				request.Header.Set("X-Pagination-Cursor", cursor)
			}
			response, err := client.Do(request)
			must(err)
			var rows []row
			must(client.UnmarshalResponse(response, &rows))
			for _, one := range rows {
				seen[one["urn"].(string)] = true
			}
			if cursor = response.Header.Get("X-Pagination-Cursor-Next"); cursor == "" {
				break
			}
		}
		expect(len(seen) > 30, "%d resources", len(seen))
		return fmt.Sprintf("%d resources", len(seen))
	})
	r.step("64 calls in 8 routines, each with a client of its own", func() string {
		names := list(client, "/dedicated/server")
		wrong := make(chan string, 64)
		var group sync.WaitGroup
		for n := 0; n < 8; n++ {
			group.Add(1)
			go func(own *ovh.Client, n int) {
				defer group.Done()
				for at := 0; at < 8; at++ {
					var answer row
					name := names[(n*8+at)%len(names)]
					if err := own.Get("/dedicated/server/"+name, &answer); err != nil || answer["name"] != name {
						wrong <- fmt.Sprint(name, err)
					}
				}
			}(r.client(nil), n)
		}
		group.Wait()
		expect(len(wrong) == 0, "%d calls went wrong", len(wrong))
		return ""
	})
	r.step("no answer at all ends with the deadline of the caller", func() string {
		must(client.Ping())
		r.fault("/me", row{"kind": "hang"})
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		err := client.GetWithContext(ctx, "/me", nil)
		r.control("DELETE", "faults", nil)
		expect(err != nil && ctx.Err() != nil, "it answered: %v", err)
		return ""
	})
}
