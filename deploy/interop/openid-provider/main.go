// An OpenID provider for the interop tests, on the library of Zitadel: discovery, keys, and access tokens of clients
// (RFC 6749, section 4.4) as signed JWTs. Each start makes a new key, which signs; those of earlier starts stay in the
// key set, as when a provider rotates its keys.
//
//	openid-provider PORT FILE
//
// FILE keeps the keys. The clients, each with the secret "secret", are deployer and reader, whose tokens have the claim
// roles, and stranger, who has no role. A scope aud:X makes X the audience; with the scope ended a token ended an hour
// ago.
package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	secret   = "secret"
	audience = "aud:"
	ended    = "ended"
)

var roles = map[string][]string{
	"deployer": {"sluice-operator"},
	"reader":   {"sluice-viewer"},
	"stranger": {},
}

// One pair of keys; what it shows of itself depends on who asks.
type key struct{ pair *rsa.PrivateKey }

func (k key) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k key) Algorithm() jose.SignatureAlgorithm          { return jose.RS256 }
func (k key) Use() string                                 { return "sig" }
func (k key) Key() any                                    { return k.pair }
func (k key) ID() string {
	sum := sha256.Sum256(k.pair.PublicKey.N.Bytes())
	return hex.EncodeToString(sum[:8])
}

// The public half of a pair.
type published struct{ key }

func (p published) Key() any { return &p.pair.PublicKey }

// A client that asks for tokens of its own; what other flows would ask of it is not there.
type client struct {
	op.Client
	id string
}

func (c client) GetID() string { return c.id }
func (c client) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeClientCredentials}
}
func (c client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }
func (c client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (c client) ClockSkew() time.Duration            { return 0 }
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

// What the library asks for in the one flow that is served.
type storage struct {
	op.Storage
	keys []key // the last one signs
}

func (s storage) Health(context.Context) error { return nil }

func (s storage) SigningKey(context.Context) (op.SigningKey, error) {
	return s.keys[len(s.keys)-1], nil
}

func (s storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (s storage) KeySet(context.Context) ([]op.Key, error) {
	var all []op.Key
	for _, k := range s.keys {
		all = append(all, published{k})
	}
	return all, nil
}

func (s storage) ClientCredentials(_ context.Context, id, given string) (op.Client, error) {
	if _, known := roles[id]; !known || given != secret {
		return nil, errors.New("no such client, or not its secret")
	}
	return client{id: id}, nil
}

func (s storage) ClientCredentialsTokenRequest(_ context.Context, id string, scopes []string) (op.TokenRequest, error) {
	var of []string
	for _, scope := range scopes {
		if name, found := strings.CutPrefix(scope, audience); found {
			of = append(of, name)
		}
	}
	return &oidc.JWTTokenRequest{Subject: id, Audience: of, Scopes: scopes}, nil
}

func (s storage) CreateAccessToken(_ context.Context, request op.TokenRequest) (string, time.Time, error) {
	end := time.Now().Add(time.Hour)
	if slices.Contains(request.GetScopes(), ended) {
		end = time.Now().Add(-time.Hour)
	}
	return text(), end, nil
}

func (s storage) GetPrivateClaimsFromScopes(_ context.Context, _, id string, _ []string) (map[string]any, error) {
	return map[string]any{"roles": roles[id]}, nil
}

// Some text that nobody can guess.
func text() string {
	bytes := make([]byte, 16)
	_, _ = rand.Read(bytes) // it never fails
	return hex.EncodeToString(bytes)
}

// The keys of a file and a new one, which is added to it.
func rotated(file string) ([]key, error) {
	known, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var keys []key
	for block, rest := pem.Decode(known); block != nil; block, rest = pem.Decode(rest) {
		pair, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key{pair})
	}
	pair, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	added := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(pair)})
	return append(keys, key{pair}), os.WriteFile(file, append(known, added...), 0o600)
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("openid-provider: expected PORT FILE")
	}
	address := "127.0.0.1:" + os.Args[1]
	keys, err := rotated(os.Args[2])
	if err != nil {
		log.Fatal("openid-provider: ", err)
	}
	config := &op.Config{CryptoKey: sha256.Sum256([]byte(text()))}
	provider, err := op.NewOpenIDProvider("http://"+address, config, storage{keys: keys}, op.WithAllowInsecure())
	if err != nil {
		log.Fatal("openid-provider: ", err)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal("openid-provider: ", err)
	}
	fmt.Println("openid provider ready")
	log.Fatal(http.Serve(listener, provider))
}
