// Drives the fake OVHcloud API with the module github.com/ovh/go-ovh, unmodified. Ends with 0 when every step passed.
// The settings come as one JSON object on standard input, so that no key stands in the list of processes:
// see conformance/src/fake-ovh.ts.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/ovh/go-ovh/ovh"
)

// run is what all parts share: clients of the fake, its control paths, steps.
type run struct {
	settings map[string]string
	admin    *ovh.Client
	failed   int
}

type row = map[string]interface{}

func main() {
	r := &run{}
	must(json.NewDecoder(os.Stdin).Decode(&r.settings))
	r.admin = r.client(nil)
	for _, part := range []func(*run){configuration, calls, keys, refusals, serviceAccounts, inventory} {
		part(r)
	}
	if r.failed > 0 {
		os.Exit(1)
	}
}

// failure is a step's own verdict, as opposed to a defect of this program.
type failure struct{ text string }

func must(err error) {
	if err != nil {
		panic(failure{err.Error()})
	}
}

func expect(holds bool, format string, values ...interface{}) {
	if !holds {
		panic(failure{fmt.Sprintf(format, values...)})
	}
}

func equal(got, wanted interface{}) {
	expect(reflect.DeepEqual(got, wanted), "%#v is not %#v", got, wanted)
}

// step prints one line, read by the runner. A step that fails does not keep the others from running.
func (r *run) step(name string, work func() string) {
	started := time.Now()
	defer func() {
		if problem := recover(); problem != nil {
			r.failed++
			text := fmt.Sprint(problem)
			if own, ok := problem.(failure); ok {
				text = own.text
			}
			fmt.Printf("failed  %s  %s\n", name, strings.Join(strings.Fields(text), " "))
		}
	}()
	facts := work()
	if facts != "" {
		facts += " "
	}
	fmt.Printf("passed  %s  %s(%.1f s)\n", name, facts, time.Since(started).Seconds())
}

// client has the keys of the account, unless changed.
func (r *run) client(change func(*ovh.Client)) *ovh.Client {
	s := r.settings
	client, err := ovh.NewClient(s["endpoint"], s["application_key"], s["application_secret"], s["consumer_key"])
	must(err)
	client.Timeout = 20 * time.Second
	if change != nil {
		change(client)
	}
	return client
}

func (r *run) origin() string {
	return strings.TrimSuffix(r.settings["endpoint"], "/1.0")
}

// control reaches the fault panel and the switches of the fake, which are no part of the API.
func (r *run) control(method, part string, body interface{}) []row {
	text, err := json.Marshal(body)
	must(err)
	request, err := http.NewRequest(method, r.settings["control"]+part, bytes.NewReader(text))
	must(err)
	response, err := http.DefaultClient.Do(request)
	must(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	must(err)
	expect(response.StatusCode == 200, "%s: %d %s", part, response.StatusCode, answer)
	var rows []row
	_ = json.Unmarshal(answer, &rows) // most answers are no list, and nobody reads those
	return rows
}

func (r *run) fault(target string, fault row) {
	r.control("POST", "faults", row{"target": target, "fault": fault, "times": 1})
}

func (r *run) count(target string) int {
	n := 0
	for _, entry := range r.control("GET", "log", nil) {
		if entry["target"] == target {
			n++
		}
	}
	return n
}

// setting runs with another setting of the fake.
func (r *run) setting(name string, value interface{}, work func()) {
	r.control("POST", "settings", row{name: value})
	defer r.control("POST", "settings", row{"errorStyle": "current", "quota": nil, "tokenLifetime": nil})
	work()
}

func get(client *ovh.Client, path string) row {
	var answer row
	must(client.Get(path, &answer))
	return answer
}

func list(client *ovh.Client, path string) []string {
	var answer []string
	must(client.Get(path, &answer))
	return answer
}

// refused wants the error of the API with this status and these words.
func refused(err error, code int, words ...string) *ovh.APIError {
	var refusal *ovh.APIError
	expect(errors.As(err, &refusal), "no error of the API: %v", err)
	expect(refusal.Code == code, "refused with %d, not %d: %v", refusal.Code, code, err)
	for _, word := range words {
		expect(strings.Contains(refusal.Error(), word), "%q is not in %v", word, err)
	}
	return refusal
}
