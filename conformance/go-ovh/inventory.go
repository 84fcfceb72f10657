package main

import (
	"fmt"
	"net/url"
)

func inventory(r *run) {
	client := r.admin
	r.step("dedicated servers, VPS, projects, domains and blocks", func() string {
		servers := map[string]bool{}
		for _, name := range list(client, "/dedicated/server") {
			servers[name] = true
			for _, part := range []string{"serviceInfos", "specifications/hardware", "specifications/network"} {
				expect(len(get(client, "/dedicated/server/"+name+"/"+part)) > 3, "%s of %s is empty", part, name)
			}
			expect(len(list(client, "/dedicated/server/"+name+"/ips")) > 0, "%s has no address", name)
		}
		for _, name := range list(client, "/vps") {
			equal(get(client, "/vps/"+name+"/serviceInfos")["domain"], name)
		}
		for _, id := range list(client, "/cloud/project") {
			equal(get(client, "/cloud/project/"+id)["project_id"], id)
		}
		for _, name := range list(client, "/domain") {
			equal(get(client, "/domain/zone/"+name)["name"], name)
		}
		blocks := list(client, "/ip")
		for _, block := range blocks {
			routed := get(client, "/ip/"+url.PathEscape(block))["routedTo"].(row)
			expect(servers[routed["serviceName"].(string)], "%s leads nowhere", block)
		}
		return fmt.Sprintf("%d servers, %d blocks", len(servers), len(blocks))
	})
}
