// Foreign-ads is a management server that is not ours: go-control-plane's, with the resources of a file.
//
//	foreign-ads NODE
//
// It listens on a free port of the loopback and prints "listening on PORT". Each line on its standard input is the path
// of a JSON file {"version": "…", "resources": [{"@type": "…", …}, …]}; the node gets these resources, all or none, and
// the line "serving VERSION" or "refused: REASON" is printed. It ends with its input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"

	_ "github.com/cncf/xds/go/xds/type/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"github.com/envoyproxy/go-control-plane/pkg/cache/types"
	"github.com/envoyproxy/go-control-plane/pkg/cache/v3"
	"github.com/envoyproxy/go-control-plane/pkg/server/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/anypb"
)

// File is what a line of the input names.
type file struct {
	Version   string            `json:"version"`
	Resources []json.RawMessage `json:"resources"`
}

func main() {
	if len(os.Args) != 2 {
		fatal(fmt.Errorf("%d arguments (expected: the node's id)", len(os.Args)-1))
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fatal(err)
	}
	snapshots := cache.NewSnapshotCache(true, cache.IDHash{}, nil)
	listening := grpc.NewServer()
	discovery.RegisterAggregatedDiscoveryServiceServer(
		listening, server.NewServer(context.Background(), snapshots, nil))
	go func() { fatal(listening.Serve(socket)) }()
	fmt.Println("listening on", socket.Addr().(*net.TCPAddr).Port)

	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		version, err := serve(snapshots, os.Args[1], lines.Text())
		if err != nil {
			fmt.Println("refused:", err)
			continue
		}
		fmt.Println("serving", version)
	}
}

func serve(snapshots cache.SnapshotCache, node, path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var wanted file
	if err := json.Unmarshal(text, &wanted); err != nil {
		return "", err
	}
	byType := map[string][]types.Resource{}
	for _, raw := range wanted.Resources {
		var packed anypb.Any
		if err := protojson.Unmarshal(raw, &packed); err != nil {
			return "", err
		}
		resource, err := packed.UnmarshalNew()
		if err != nil {
			return "", err
		}
		byType[packed.TypeUrl] = append(byType[packed.TypeUrl], resource)
	}
	snapshot, err := cache.NewSnapshot(wanted.Version, byType)
	if err != nil {
		return "", err
	}
	if err := snapshot.Consistent(); err != nil {
		return "", err
	}
	return wanted.Version, snapshots.SetSnapshot(context.Background(), node, snapshot)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "foreign-ads:", err)
	os.Exit(1)
}
