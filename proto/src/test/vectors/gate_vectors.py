#!/usr/bin/env python3
"""Writes the published test vectors of the gate contract.

An implementation of its own, apart from the Java one: the hash is that of the xxHash library
(`pip install xxhash`), keys and decisions are stated by hand from the text of gate.proto.

    python3 proto/src/test/vectors/gate_vectors.py proto/src/main/resources/sluice/gate-vectors

Texts of requests are bytes; those outside printable ASCII, and the backslash, are written \\xNN.
"""
import base64
import json
import pathlib
import random
import sys

import xxhash

WHOLE = 1_000_000


def xxh3(data):
    return xxhash.xxh3_64_intdigest(data)


def bucket(salt, key):
    return xxh3(salt.encode() + b"\0" + key) % WHOLE


def evidence(gate, key):
    return xxh3(gate.encode() + b"\1" + key)


def escaped(data):
    if isinstance(data, str):
        data = data.encode()
    return "".join(chr(b) if 32 <= b < 127 and b != 92 else "\\x%02x" % b for b in data)


def write(folder, name, columns, rows):
    lines = ["# " + "\t".join(columns)]
    for row in rows:
        assert len(row) == len(columns), row
        lines.append("\t".join(str(cell) for cell in row))
    (folder / name).write_text("\n".join(lines) + "\n")


def hashes():
    draw = random.Random(20261123)
    salts = ["a", "orders-v2", "gâteau", "s" * 128]
    keys = [b"", b"\0", b"\0\0", b"\1", b"a", b"A", "ключ".encode(), "\U0001f511".encode(), b"\xff\xfe"]
    keys += [draw.randbytes(length) for length in range(1, 301)]
    keys += [draw.randbytes(length) for length in (511, 512, 513, 1023, 1024)]
    for i, key in enumerate(keys):
        salt = salts[i % len(salts)]
        yield salt.encode().hex(), key.hex() or "-", "%016x" % xxh3(salt.encode() + b"\0" + key), bucket(salt, key), "%016x" % evidence("gates/orders", key)
    # A salt that ends where the key of another begins: the separator keeps them apart.
    for salt, key in (("ab", b"c"), ("a", b"bc"), ("a", b"\0bc")):
        yield salt.encode().hex(), key.hex(), "%016x" % xxh3(salt.encode() + b"\0" + key), bucket(salt, key), "%016x" % evidence("gates/orders", key)


def jwt(claims, raw=None):
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    body = raw if raw is not None else json.dumps(claims).encode()
    return part(b'{"alg":"none"}') + "." + part(body) + ".c2ln"


def keys():
    """(name, KeySource as text format, target, headers, client identity, peer in hex, key)"""
    def row(name, source, expected, target="/", headers=(), client="-", peer="-"):
        lines = "|".join(escaped(n) + ": " + escaped(v) for n, v in headers) or "-"
        key = expected if isinstance(expected, str) else "key:" + expected.hex()
        return name, source, escaped(target), lines, client, peer, key

    header = 'header: "x-user"'
    yield row("header", header, b"42", headers=[("x-user", "42")])
    yield row("header name in another case", 'header: "X-User"', b"42", headers=[("X-USER", "42")])
    yield row("header blanks trimmed", header, b"a b", headers=[("x-user", " \t a b \t ")])
    yield row("header first of two", header, b"1", headers=[("x-user", "1"), ("x-user", "2")])
    yield row("header empty first of two", header, "missing", headers=[("x-user", ""), ("x-user", "2")])
    yield row("header comma kept", header, b"1,2", headers=[("x-user", "1,2")])
    yield row("header bytes not transcoded", header, b"\xc3\xa9\xff", headers=[("x-user", b"\xc3\xa9\xff")])
    yield row("header only blanks", header, "missing", headers=[("x-user", " \t ")])
    yield row("header absent", header, "missing")
    yield row("header of 1024 bytes", header, b"k" * 1024, headers=[("x-user", "k" * 1024)])
    yield row("header of 1025 bytes", header, "too_long", headers=[("x-user", "k" * 1025)])

    cookie = 'cookie: "uid"'
    yield row("cookie", cookie, b"7", headers=[("cookie", "a=1; uid=7; b=2")])
    yield row("cookie quoted", cookie, b"7", headers=[("cookie", 'uid="7"')])
    yield row("cookie one pair of quotes", cookie, b'"7"', headers=[("cookie", 'uid=""7""')])
    yield row("cookie lone quote kept", cookie, b'"', headers=[("cookie", 'uid="')])
    yield row("cookie first of two", cookie, b"1", headers=[("cookie", "uid=1; uid=2")])
    yield row("cookie on a later line", cookie, b"3", headers=[("cookie", "a=1"), ("cookie", "uid=3")])
    yield row("cookie name is case-sensitive", cookie, "missing", headers=[("cookie", "UID=7")])
    yield row("cookie name is whole", cookie, "missing", headers=[("cookie", "xuid=7; uidx=7")])
    yield row("cookie equals in value", cookie, b"a=b", headers=[("cookie", "uid=a=b")])
    yield row("cookie without equals", cookie, "missing", headers=[("cookie", "uid")])
    yield row("cookie empty", cookie, "missing", headers=[("cookie", 'uid=""')])

    claim = 'jwt_claim { claim: "sub" }'
    auth = lambda token: [("authorization", "Bearer " + token)]
    yield row("claim string", claim, b"user-1", headers=auth(jwt({"sub": "user-1"})))
    yield row("claim without scheme", claim, b"user-1", headers=[("authorization", jwt({"sub": "user-1"}))])
    yield row("claim scheme in another case", claim, b"u", headers=[("authorization", "bEARER  " + jwt({"sub": "u"}))])
    yield row("claim in another header", 'jwt_claim { header: "X-Token" claim: "sub" }', b"u", headers=[("x-token", jwt({"sub": "u"}))])
    yield row("claim unicode", claim, "ключ🔑".encode(), headers=auth(jwt({"sub": "ключ🔑"})))
    yield row("claim raw utf-8", claim, "ключ🔑".encode(), headers=auth(jwt(None, '{"sub":"ключ🔑"}'.encode())))
    yield row("claim escapes", claim, b'"\\/\b\f\n\r\t', headers=auth(jwt(None, b'{"sub":"\\"\\\\\\/\\b\\f\\n\\r\\t"}')))
    yield row("claim integer", claim, b"-120", headers=auth(jwt(None, b'{"sub":-120}')))
    yield row("claim zero", claim, b"0", headers=auth(jwt(None, b'{ "sub" : 0 }')))
    yield row("claim fraction", claim, "missing", headers=auth(jwt(None, b'{"sub":1.0}')))
    yield row("claim exponent", claim, "missing", headers=auth(jwt(None, b'{"sub":1E+2}')))
    yield row("claim true", claim, "missing", headers=auth(jwt({"sub": True})))
    yield row("claim null", claim, "missing", headers=auth(jwt({"sub": None})))
    yield row("claim list", claim, "missing", headers=auth(jwt({"sub": ["a", 1, {}]})))
    yield row("claim object", claim, "missing", headers=auth(jwt({"sub": {"sub": "x"}})))
    yield row("claim empty", claim, "missing", headers=auth(jwt({"sub": ""})))
    yield row("claim after others", claim, b"x", headers=auth(jwt({"a": [1, [2, {"sub": "no"}]], "b": {"sub": "no"}, "c": False, "d": None, "e": 1.5e3, "sub": "x"})))
    yield row("claim last of two", claim, b"2", headers=auth(jwt(None, b'{"sub":"1","sub":"2"}')))
    yield row("claim last of two is none", claim, "missing", headers=auth(jwt(None, b'{"sub":"1","sub":null}')))
    yield row("claim nested", 'jwt_claim { claim: "org.unit.id" }', b"9", headers=auth(jwt({"org": {"name": "n", "unit": {"id": 9}}})))
    yield row("claim nested in no object", 'jwt_claim { claim: "org.id" }', "missing", headers=auth(jwt({"org": "x"})))
    yield row("claim name with dots", 'jwt_claim { claim: "https://a.example/id" }', b"9", headers=auth(jwt({"https://a.example/id": 9})))
    yield row("claim too long", claim, "too_long", headers=auth(jwt({"sub": "k" * 1025})))
    yield row("claim longest", claim, b"k" * 1024, headers=auth(jwt({"sub": "k" * 1024})))
    yield row("claim without header", claim, "missing")
    yield row("claim no token", claim, "missing", headers=auth("opaque"))
    yield row("claim two parts", claim, "missing", headers=auth("e30.e30"))
    yield row("claim bad base64", claim, "missing", headers=auth("e30.e!0.c"))
    for i, broken in enumerate([b"", b"[]", b'{"sub":"x"', b'{"sub":"x"}}', b'{"sub":"x",}', b'{"sub":tru}', b'{"sub":"\\q"}', b'{"sub":"\\u00g0"}', b'{"sub":"a\nb"}', b'{"sub":01}', b'{"sub":-}', b'{"sub":1.}', b'{"sub":"\xff"}', b'{sub:1}', b'{"sub" 1}', b'{"sub":"x","a":' + b"[" * 40 + b"]" * 40 + b"}", b'{"sub":"x","a":' + b'{"a":' * 40 + b"1" + b"}" * 41]):
        yield row("claim in broken json %d" % i, claim, "missing", headers=auth(jwt(None, broken)))

    segment = "path_segment { index: 1 }"
    yield row("segment", segment, b"42", target="/orders/42/items?x=/9")
    yield row("segment first", "path_segment {}", b"orders", target="/orders/42")
    yield row("segment last before query", segment, b"42", target="/orders/42?a=b")
    yield row("segment raw", segment, b"%34%32", target="/orders/%34%32")
    yield row("segment empty", segment, "missing", target="/orders//items")
    yield row("segment after trailing slash", segment, "missing", target="/orders/")
    yield row("segment beyond", segment, "missing", target="/orders")
    yield row("segment of no path", segment, "missing", target="*")

    metadata = 'grpc_metadata: "x-user"'
    binary = 'grpc_metadata: "x-user-bin"'
    yield row("metadata", metadata, b"42", headers=[("x-user", " 42 ")])
    yield row("metadata binary", binary, b"\0\xff\x10", headers=[("x-user-bin", "AP8Q")])
    yield row("metadata binary padded", binary, b"\xfb\xff\xfe\x01", headers=[("x-user-bin", "+//+AQ==")])
    yield row("metadata binary unpadded", binary, b"\xfb\xff\xfe\x01", headers=[("x-user-bin", "+//+AQ")])
    yield row("metadata binary first of list", binary, b"\1", headers=[("x-user-bin", "AQ,Ag")])
    yield row("metadata binary not base64", binary, "missing", headers=[("x-user-bin", "-_-_")])
    yield row("metadata binary wrong length", binary, "missing", headers=[("x-user-bin", "AQIDB")])
    yield row("metadata binary wrong padding", binary, "missing", headers=[("x-user-bin", "AQ=")])
    yield row("metadata binary too long", binary, "too_long", headers=[("x-user-bin", base64.b64encode(b"k" * 1025).decode())])
    yield row("metadata absent", binary, "missing")

    yield row("client", "client_identity {}", b"spiffe://shop/ns/a", client="spiffe://shop/ns/a")
    yield row("client absent", "client_identity {}", "missing")

    peer = "peer_address {}"
    yield row("peer v4", peer, b"192.0.2.7", peer="c0000207")
    yield row("peer v4 mapped", peer, b"192.0.2.7", peer="00000000000000000000ffffc0000207")
    yield row("peer v6", peer, b"2001:db8::1", peer="20010db8000000000000000000000001")
    yield row("peer v6 any", peer, b"::", peer="0" * 32)
    yield row("peer v6 loopback", peer, b"::1", peer="0" * 31 + "1")
    yield row("peer v6 gap at end", peer, b"fe80::", peer="fe80" + "0" * 28)
    yield row("peer v6 longest gap", peer, b"2001:0:0:1::2", peer="20010000000000010000000000000002")
    yield row("peer v6 first of equal gaps", peer, b"2001:db8::1:0:0:1", peer="20010db8000000000001000000000001")
    yield row("peer v6 single zero written", peer, b"2001:db8:0:1:1:1:1:1", peer="20010db8000000010001000100010001")
    yield row("peer v6 almost mapped", peer, b"::1:ffff:c000:207", peer="00000000000000000001ffffc0000207")
    yield row("peer v6 not mapped", peer, b"::fffe:c000:207", peer="00000000000000000000fffec0000207")
    yield row("peer absent", peer, "missing")


GATE = 'name: "gates/orders" revision { epoch: 1 number: 42 } legacy_cluster: "old" new_cluster: "new" store_kind: %s from: %s to: %s share_ppm: %d bucketing { salt: "orders-v2" key { header: "x-user" } %s } %s'


def gate(share, store="SHARED", steps=("OFF", "COMPLETE"), missing="legacy {}", rest=""):
    return GATE % (store, steps[0], steps[1], share, missing, rest)


def decisions():
    """(name, Gate as text format, operation class, baggage, target, headers, decision header)"""
    new = ("LIVE", "RAMP_DOWN", "COMPLETE")

    def told(mode, reason, share, number=None, rule=None, writes=None):
        text = 'gate="orders", arm=%s, mode=%s, reason=%s, share=%d' % ("NEW" if mode in new else "LEGACY", mode, reason, share)
        text += ", writes=%d" % writes if writes is not None else ""
        text += ", bucket=%d" % number if number is not None else ""
        text += ', rev="1.42"'
        return text + (', rule="%s"' % rule if rule else "")

    def row(name, text, expected, user=None, baggage="-", target="/", operation="READ", headers=()):
        lines = list(headers) + ([("x-user", user)] if user else [])
        return name, text, operation, baggage, target, "|".join("%s: %s" % line for line in lines) or "-", expected

    for user in ("alice", "bob", "carol", "dave"):
        number = bucket("orders-v2", user.encode())
        for share in (0, number, number + 1, 250_000, WHOLE):
            mode = "COMPLETE" if number < share else "OFF"
            yield row("share %d of %s" % (share, user), gate(share), told(mode, "SHARE", share, number), user)
    alice = bucket("orders-v2", b"alice")
    yield row("missing key", gate(999_999), told("OFF", "MISSING_KEY", 999_999))
    yield row("missing key at the whole", gate(WHOLE), told("COMPLETE", "MISSING_KEY", WHOLE))
    fixed = 'rules { name: "vip" match { headers { name: "x-vip" string_match { exact: "1" } } } arm: %s } rules { name: "rest" share {} }'
    vip = [("x-vip", "1")]
    yield row("rule puts in", gate(0, rest=fixed % "NEW"), told("COMPLETE", "RULE", 0, rule="vip"), "alice", headers=vip)
    yield row("rule keeps out", gate(WHOLE, rest=fixed % "LEGACY"), told("OFF", "RULE", WHOLE, rule="vip"), "alice", headers=vip)
    yield row("rule asks the share", gate(WHOLE, rest=fixed % "LEGACY"), told("COMPLETE", "SHARE", WHOLE, alice, "rest"), "alice")
    kill = 'kill { reason: "errors" }'
    yield row("kill over all", gate(WHOLE, rest=kill + fixed % "NEW"), told("OFF", "KILL", WHOLE), "alice", "sluice.orders=1.42.6.1", headers=vip)
    yield row("carried over rule", gate(0, rest=fixed % "LEGACY"), told("COMPLETE", "CARRIED", 0, 1), "alice", "sluice.orders=1.42.6.1", headers=vip)
    yield row("carried without bucket", gate(0), told("COMPLETE", "CARRIED", 0), "alice", "sluice.orders=1.43.6.-")
    yield row("carried from a later epoch", gate(0), told("COMPLETE", "CARRIED", 0), "alice", "sluice.orders=2.1.6.-")
    yield row("carried for another gate", gate(0), told("OFF", "SHARE", 0, alice), "alice", "sluice.users=1.42.6.1")
    yield row("carried by the set", gate(0, rest='gate_set: "gateSets/shop"'), told("COMPLETE", "CARRIED", 0, 7), "alice", "a=b,sluice.shop=1.42.6.7,sluice.orders=1.42.1.9")
    yield row("carried below the floor", gate(WHOLE), told("COMPLETE", "CARRIED_STALE", WHOLE, alice), "alice", "sluice.orders=1.41.1.1")
    yield row("carried from an inline gate", gate(WHOLE), told("COMPLETE", "CARRIED_STALE", WHOLE, alice), "alice", "sluice.orders=0.0.1.1")
    yield row("carried mode not in force", gate(WHOLE), told("COMPLETE", "CARRIED_STALE", WHOLE, alice), "alice", "sluice.orders=1.42.3.1")
    yield row("carried stale without key", gate(0), told("OFF", "MISSING_KEY", 0), None, "sluice.orders=1.41.6.1")
    yield row("carried twice alike", gate(0), told("COMPLETE", "CARRIED", 0, 1), "alice", "sluice.orders=1.42.6.1,sluice.orders=1.42.6.1")
    yield row("carried twice apart", gate(WHOLE), told("COMPLETE", "AMBIGUOUS", WHOLE, alice), "alice", "sluice.orders=1.42.6.1,sluice.orders=1.42.1.1")
    yield row("carried malformed", gate(WHOLE), told("COMPLETE", "SHARE", WHOLE, alice), "alice", "sluice.orders=1.42.6")
    walk = ["OFF", "DUAL_WRITE", "SHADOW", "LIVE", "RAMP_DOWN", "COMPLETE"]
    for steps in zip(walk, walk[1:]):
        for share in (alice, alice + 1):
            mode = steps[share > alice]
            yield row("separate %s to %s at %d" % (*steps, share), gate(share, "SEPARATE", steps), told(mode, "SHARE", share, alice), "alice")

    def writes(share, below, rest="", steps=("SHADOW", "LIVE"), missing="legacy {}"):
        return gate(share, "SEPARATE", steps, missing, "contract_version: 3 write_authority { new_below_ppm: %d } %s" % (below, rest))

    for operation in ("IDEMPOTENT_WRITE", "UNSAFE_WRITE", "STREAM"):
        for below in (0, alice, alice + 1, WHOLE):
            mode = "LIVE" if alice < below else "SHADOW"
            yield row("%s with NEW below %d" % (operation, below), writes(250_000, below), told(mode, "WRITE_AUTHORITY", 250_000, alice, writes=below), "alice", operation=operation)
    write = {"operation": "UNSAFE_WRITE"}
    yield row("read with a write authority", writes(WHOLE, 0), told("LIVE", "SHARE", WHOLE, alice), "alice")
    yield row("write of a killed gate", writes(WHOLE, WHOLE, kill), told("LIVE", "WRITE_AUTHORITY", WHOLE, alice, writes=WHOLE), "alice", **write)
    yield row("read of a killed gate with a write authority", writes(WHOLE, WHOLE, kill), told("SHADOW", "KILL", WHOLE), "alice")
    yield row("write with a fixed rule", writes(0, 0, fixed % "NEW"), told("SHADOW", "WRITE_AUTHORITY", 0, alice, writes=0), "alice", headers=vip, **write)
    yield row("write with a carried bucket", writes(0, 8), told("LIVE", "WRITE_AUTHORITY", 0, 7, writes=8), "alice", "sluice.orders=1.42.3.7", **write)
    yield row("write with a carried bucket of an old revision", writes(0, 7), told("SHADOW", "WRITE_AUTHORITY", 0, 7, writes=7), "alice", "sluice.orders=1.41.4.7", **write)
    yield row("write with a carried decision without bucket", writes(0, alice), told("SHADOW", "WRITE_AUTHORITY", 0, alice, writes=alice), "alice", "sluice.orders=1.42.4.-", **write)
    yield row("write carried twice apart", writes(0, WHOLE), told("LIVE", "WRITE_AUTHORITY", 0, alice, writes=WHOLE), "alice", "sluice.orders=1.42.4.1,sluice.orders=1.42.3.1", **write)
    yield row("write without key", writes(WHOLE, 999_999), told("SHADOW", "WRITE_AUTHORITY", WHOLE, writes=999_999), **write)
    yield row("write without key at the whole", writes(0, WHOLE), told("LIVE", "WRITE_AUTHORITY", 0, writes=WHOLE), **write)
    yield row("write between modes of one arm", writes(0, 0, steps=("LIVE", "RAMP_DOWN")), told("LIVE", "SHARE", 0, alice), "alice", **write)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "hashes.tsv", ["salt (hex)", "key (hex, - for none)", "XXH3_64(salt 00 key)", "bucket", "XXH3_64('gates/orders' 01 key)"], hashes())
    write(folder, "keys.tsv", ["name", "KeySource (text format)", "target", "headers (name: value, by |)", "client identity", "peer (hex)", "key:HEX, missing or too_long"], keys())
    write(folder, "decisions.tsv", ["name", "Gate (text format)", "operation class", "baggage", "target", "headers (name: value, by |)", "x-sluice-decision"], decisions())


main()
