package dev.sluice.contract.gate;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.match.MatcherParser;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads how a request becomes a bucket. Empty exactly after a problem. Stateless. */
final class BucketingParser {
    private static final int LAST_SEGMENT = 63;
    private static final int LONGEST_CLAIM = 256;
    private static final Duration LONGEST_COOKIE = Duration.ofDays(400);
    private static final Duration DEFAULT_COOKIE = Duration.ofDays(30);
    private static final Pattern COOKIE_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Pattern COOKIE_PATH = Pattern.compile("/[ -:<-~]{0,255}");
    private static final Pattern COOKIE_DOMAIN = Pattern.compile("[.]?[0-9A-Za-z.-]{1,253}");
    private static final Pattern METADATA_NAME = Pattern.compile("[0-9a-z_.-]{1,256}");

    private BucketingParser() {}

    static Optional<Bucketing> bucketing(dev.sluice.gate.v1.Gate proto, Problems gate) {
        Problems at = gate.field("bucketing");
        if (!proto.hasBucketing()) {
            at.add("no bucketing", "salt, key and missing_key", "say how a request gets a bucket");
            return Optional.empty();
        }
        Optional<Salt> salt = salt(proto.getBucketing().getSalt(), at.field("salt"));
        Optional<KeySource> key = key(proto.getBucketing().getKey(), at.field("key"));
        Optional<MissingKey> missing = missingKey(proto.getBucketing(), at);
        if (salt.isEmpty() || key.isEmpty() || missing.isEmpty()) {
            return Optional.empty();
        }
        if (missing.get() instanceof MissingKey.IssueCookie cookie
                && !key.get().equals(new KeySource.Cookie(cookie.name()))) {
            at.field("issue_cookie")
                    .field("name")
                    .add(
                            Problem.quote(cookie.name()) + " with another key source",
                            "key.cookie of the same name",
                            "take the key from the cookie that is issued");
            return Optional.empty();
        }
        return Optional.of(new Bucketing(salt.get(), key.get(), missing.get()));
    }

    private static Optional<Salt> salt(String text, Problems at) {
        if (Salt.isValid(text)) {
            return Optional.of(new Salt(text));
        }
        at.add(
                Problem.quote(text),
                "1.." + Salt.MAX_BYTES + " bytes of UTF-8",
                "give every seed group a salt of its own");
        return Optional.empty();
    }

    private static Optional<KeySource> key(dev.sluice.gate.v1.KeySource proto, Problems at) {
        return switch (proto.getSourceCase()) {
            case HEADER ->
                    MatcherParser.headerName(proto.getHeader(), at.field("header"))
                            .map(KeySource.Header::new);
            case COOKIE ->
                    like(COOKIE_NAME, proto.getCookie(), at.field("cookie"))
                            .map(KeySource.Cookie::new);
            case JWT_CLAIM -> jwtClaim(proto.getJwtClaim(), at.field("jwt_claim"));
            case PATH_SEGMENT -> {
                int before = at.count();
                int index =
                        Fields.number(
                                proto.getPathSegment().getIndex(),
                                0,
                                LAST_SEGMENT,
                                at.field("path_segment").field("index"));
                yield at.count() > before
                        ? Optional.empty()
                        : Optional.of(new KeySource.PathSegment(index));
            }
            case GRPC_METADATA ->
                    like(METADATA_NAME, proto.getGrpcMetadata(), at.field("grpc_metadata"))
                            .map(KeySource.GrpcMetadata::new);
            case CLIENT_IDENTITY -> Optional.of(new KeySource.ClientIdentity());
            case PEER_ADDRESS -> Optional.of(new KeySource.PeerAddress());
            case SOURCE_NOT_SET -> {
                at.add("no source", "one of the key sources", "say where the key is");
                yield Optional.empty();
            }
        };
    }

    private static Optional<KeySource> jwtClaim(dev.sluice.gate.v1.JwtClaim proto, Problems at) {
        Optional<String> header =
                proto.getHeader().isEmpty()
                        ? Optional.of("authorization")
                        : MatcherParser.headerName(proto.getHeader(), at.field("header"));
        int before = at.count();
        String claim = Fields.text(proto.getClaim(), 1, LONGEST_CLAIM, at.field("claim"));
        return at.count() > before
                ? Optional.empty()
                : header.map(name -> new KeySource.JwtClaim(name, claim));
    }

    private static Optional<MissingKey> missingKey(
            dev.sluice.gate.v1.Bucketing proto, Problems at) {
        return switch (proto.getMissingKeyCase()) {
            case LEGACY -> Optional.of(new MissingKey.Legacy());
            case RANDOM -> Optional.of(new MissingKey.Random());
            case ISSUE_COOKIE -> cookie(proto.getIssueCookie(), at.field("issue_cookie"));
            case MISSINGKEY_NOT_SET -> {
                at.add(
                        "no missing_key",
                        "one of legacy, random, issue_cookie",
                        "say what a request without a key gets");
                yield Optional.empty();
            }
        };
    }

    private static Optional<MissingKey> cookie(dev.sluice.gate.v1.CookieIssue proto, Problems at) {
        int before = at.count();
        like(COOKIE_NAME, proto.getName(), at.field("name"));
        String path = proto.getPath().isEmpty() ? "/" : proto.getPath();
        like(COOKIE_PATH, path, at.field("path"));
        Optional<String> domain =
                proto.getDomain().isEmpty()
                        ? Optional.empty()
                        : like(COOKIE_DOMAIN, proto.getDomain(), at.field("domain"));
        Duration maxAge =
                proto.hasMaxAge()
                        ? Fields.duration(
                                proto.getMaxAge(),
                                Duration.ofSeconds(1),
                                LONGEST_COOKIE,
                                at.field("max_age"))
                        : DEFAULT_COOKIE;
        MissingKey.SameSite sameSite =
                Fields.optional(
                        MissingKey.SameSite.class,
                        proto.getSameSiteValue(),
                        MissingKey.SameSite.LAX,
                        at.field("same_site"));
        if (proto.getInsecure() && sameSite == MissingKey.SameSite.NONE) {
            at.field("insecure")
                    .add(
                            "true with same_site NONE",
                            "false with same_site NONE: browsers drop such a cookie",
                            "remove insecure, or choose LAX");
        }
        MissingKey.Transport transport =
                proto.getInsecure() ? MissingKey.Transport.ANY : MissingKey.Transport.SECURE;
        return at.count() > before
                ? Optional.empty()
                : Optional.of(
                        new MissingKey.IssueCookie(
                                proto.getName(), path, domain, maxAge, sameSite, transport));
    }

    private static Optional<String> like(Pattern shape, String text, Problems at) {
        if (shape.matcher(text).matches()) {
            return Optional.of(text);
        }
        at.add(Problem.quote(text), shape.pattern(), "correct the text");
        return Optional.empty();
    }
}
