package dev.sluice.control.admin.access;

import com.nimbusds.jose.jwk.JWKSet;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.change.Rights;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the OpenID providers of a users' file. For one reading. */
final class IssuerForm {
    private static final Set<String> FIELDS =
            Set.of("name", "issuer", "audiences", "jwks_uri", "jwks_file", "user_claim", "grants");
    private static final Set<String> GRANT_FIELDS = Set.of("claim", "value", "roles", "groups");

    private final Words words;
    private final Path file;
    private final Set<String> names = new HashSet<>();
    private final Set<String> issuers = new HashSet<>();

    /**
     * @param file that is read; paths in it start beside it
     */
    IssuerForm(Words words, Path file) {
        this.words = words;
        this.file = file;
    }

    /** One provider; empty when a problem was added. */
    Optional<IssuerSpec> read(@Nullable Object tree, Problems at) {
        int before = at.count();
        return words.fields(tree, FIELDS, at)
                .flatMap(fields -> read(fields, at))
                .filter(_ -> at.count() == before);
    }

    private Optional<IssuerSpec> read(Map<?, ?> fields, Problems at) {
        String name = words.word(fields.get("name"), at.field("name"));
        if (!names.add(name)) {
            at.field("name").add(Problem.quote(name), "a name of its own", "rename one");
        }
        String issuer = words.text(fields.get("issuer"), at.field("issuer"));
        if (!issuers.add(issuer)) {
            at.field("issuer")
                    .add(Problem.quote(issuer), "one entry for each", "put the grants into one");
        }
        List<String> audiences = words.list(fields.get("audiences"), at.field("audiences"));
        if (audiences.isEmpty()) {
            at.field("audiences")
                    .add(
                            "none",
                            "at least one",
                            "name what tokens for this control plane are issued to");
        }
        Optional<IssuerSpec.Keys> keys = keys(fields, at);
        String user =
                fields.containsKey("user_claim")
                        ? words.text(fields.get("user_claim"), at.field("user_claim"))
                        : "sub";
        List<IssuerSpec.Grant> grants = grants(fields.get("grants"), at.field("grants"));
        return keys.map(
                where -> new IssuerSpec(name, issuer, Set.copyOf(audiences), where, user, grants));
    }

    private Optional<IssuerSpec.Keys> keys(Map<?, ?> fields, Problems at) {
        if (fields.containsKey("jwks_uri") == fields.containsKey("jwks_file")) {
            at.add(
                    fields.containsKey("jwks_uri") ? "jwks_uri and jwks_file" : "neither",
                    "one of jwks_uri and jwks_file",
                    "say where the keys of this provider are");
            return Optional.empty();
        }
        if (fields.containsKey("jwks_file")) {
            Problems here = at.field("jwks_file");
            return keysOf(file.resolveSibling(words.text(fields.get("jwks_file"), here)), here);
        }
        String address = words.text(fields.get("jwks_uri"), at.field("jwks_uri"));
        Optional<URI> uri = uri(address).filter(IssuerForm::keepsKeysWhole);
        if (uri.isEmpty()) {
            at.field("jwks_uri")
                    .add(
                            Problem.quote(address),
                            "an https address, or http on this machine's loopback",
                            "fetch keys where nobody can change them on the way");
        }
        return uri.map(IssuerSpec.Keys.At::new);
    }

    private static Optional<IssuerSpec.Keys> keysOf(Path set, Problems at) {
        String found;
        try {
            JWKSet keys = JWKSet.load(set.toFile()).toPublicJWKSet();
            if (!keys.isEmpty()) {
                return Optional.of(new IssuerSpec.Keys.Fixed(keys));
            }
            found = "a set without public keys";
        } catch (IOException | ParseException e) {
            found = e.getClass().getSimpleName() + " " + e.getMessage();
        }
        at.add(
                set + ": " + found,
                "a JSON Web Key Set with at least one public key",
                "save what the provider's jwks_uri answers");
        return Optional.empty();
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text)).filter(uri -> uri.getHost() != null);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static boolean keepsKeysWhole(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme())
                || ("http".equalsIgnoreCase(uri.getScheme()) && isLoopback(uri.getHost()));
    }

    /** Only literal addresses are looked at: what a name means may change. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private List<IssuerSpec.Grant> grants(@Nullable Object tree, Problems at) {
        if (!(tree instanceof List<?> entries) || entries.isEmpty()) {
            at.add(
                    tree == null ? "none" : Problem.quote(String.valueOf(tree)),
                    "at least one grant",
                    "say which claim gives which roles");
            return List.of();
        }
        List<IssuerSpec.Grant> grants = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Problems here = at.index(i);
            words.fields(entries.get(i), GRANT_FIELDS, here)
                    .ifPresent(fields -> grants.add(grant(fields, here)));
        }
        return grants;
    }

    private IssuerSpec.Grant grant(Map<?, ?> fields, Problems at) {
        return new IssuerSpec.Grant(
                words.text(fields.get("claim"), at.field("claim")),
                words.text(fields.get("value"), at.field("value")),
                new Rights(
                        words.roles(fields.get("roles"), at.field("roles")),
                        words.groups(fields.get("groups"), at.field("groups"))));
    }
}
