package dev.sluice.control.admin.access;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.SpiffeId;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.governance.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Who may call beside the embedded admin, from a YAML or JSON file: users with a token or a client
 * certificate, and OpenID providers whose tokens are taken. It holds no secret, only the digest of
 * each token; who may write it may let anybody in, so only its owner may. For one reading.
 *
 * <pre>
 * users:
 * - name: ada
 *   token_sha256: 2f1c…  # what sha256sum says of the token's file: the token and a line feed
 *   roles: [operator, approver]
 *   groups: [dba]
 * - name: deployer
 *   spiffe_id: spiffe://corp.example/ci/deployer  # in a certificate under --client-ca
 *   roles: [operator]
 * issuers:
 * - name: corp
 *   issuer: https://login.corp.example
 *   audiences: [sluice]
 *   jwks_uri: https://login.corp.example/keys  # or jwks_file, a path beside this file
 *   user_claim: email  # default sub; the user is called corp:VALUE
 *   grants:
 *   - {claim: groups, value: databases, roles: [approver], groups: [dba]}
 * </pre>
 */
public final class UsersFile {
    private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final Set<String> PARTS = Set.of("users", "issuers");
    private static final Set<String> FIELDS =
            Set.of("name", "token_sha256", "spiffe_id", "roles", "groups");

    private final Problems problems;
    private final Words words = new Words();
    private final IssuerForm issuers;
    private final Set<String> names = new HashSet<>();
    private final Set<Proof> proofs = new HashSet<>();

    private UsersFile(Path file) {
        problems = Problems.at(file.toString());
        issuers = new IssuerForm(words, file);
    }

    /** What such a file says. Immutable. */
    public record Contents(List<Entry> users, List<IssuerSpec> issuers) {
        /** Nobody beside the embedded admin. */
        public static final Contents NOBODY = new Contents(List.of(), List.of());

        public Contents {
            users = List.copyOf(users);
            issuers = List.copyOf(issuers);
        }
    }

    /** One user and what proves its name. */
    public record Entry(User user, Proof proof) {}

    /** What proves the name of a user. */
    public sealed interface Proof {
        /**
         * A secret.
         *
         * @param sha256 of the token and a line feed
         */
        record Token(Digest sha256) implements Proof {}

        /**
         * A client certificate.
         *
         * @param spiffeId its only URI name (SPIFFE X.509-SVID, section 2)
         */
        record Certificate(String spiffeId) implements Proof {}
    }

    /** Reads a file, or tells everything that is wrong with it. Blocks. */
    public static Parsed<Contents> read(Path file) {
        return new UsersFile(file).contents(file);
    }

    private Parsed<Contents> contents(Path file) {
        List<Entry> entries = new ArrayList<>();
        List<IssuerSpec> providers = new ArrayList<>();
        try {
            refuseWritersBesideTheOwner(file);
            String text = Files.readString(file, StandardCharsets.UTF_8);
            Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
            Map<?, ?> parts = words.fields(tree, PARTS, problems).orElse(Map.of());
            each(parts, "users", (user, at) -> entry(user, at).ifPresent(entries::add));
            each(
                    parts,
                    "issuers",
                    (issuer, at) -> issuers.read(issuer, at).ifPresent(providers::add));
        } catch (IOException e) {
            problems.add(
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "a readable file in UTF-8",
                    "check the path and its owner");
        } catch (YamlEngineException e) {
            problems.add(String.valueOf(e.getMessage()), "YAML or JSON", "correct the file");
        }
        return problems.finish(() -> new Contents(entries, providers));
    }

    private void each(Map<?, ?> parts, String part, BiConsumer<Object, Problems> read) {
        switch (parts.get(part)) {
            case null -> {}
            case List<?> items -> {
                for (int i = 0; i < items.size(); i++) {
                    read.accept(items.get(i), problems.field(part).index(i));
                }
            }
            case Object other ->
                    problems.field(part)
                            .add(Problem.quote(String.valueOf(other)), "a list", "write one");
        }
    }

    private void refuseWritersBesideTheOwner(Path file) throws IOException {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
        if (granted.stream().anyMatch(WRITE_OF_OTHERS::contains)) {
            problems.add(
                    PosixFilePermissions.toString(granted),
                    "a file that only its owner writes",
                    "chmod go-w it, and check who was put in");
        }
    }

    private Optional<Entry> entry(@Nullable Object tree, Problems at) {
        return words.fields(tree, FIELDS, at).flatMap(fields -> entry(fields, at));
    }

    private Optional<Entry> entry(Map<?, ?> fields, Problems at) {
        String name = words.word(fields.get("name"), at.field("name"));
        if (name.equals(Governance.EMBEDDED_ADMIN) || !names.add(name)) {
            at.field("name")
                    .add(
                            Problem.quote(name),
                            "a name that no other user has, nor the embedded admin",
                            "rename one");
        }
        Optional<Proof> proof = proof(fields, at);
        var rights =
                new Rights(
                        words.roles(fields.get("roles"), at.field("roles")),
                        words.groups(fields.get("groups"), at.field("groups")));
        return proof.map(proved -> new Entry(new User(name, rights), proved));
    }

    private Optional<Proof> proof(Map<?, ?> fields, Problems at) {
        if (fields.containsKey("token_sha256") == fields.containsKey("spiffe_id")) {
            at.add(
                    fields.containsKey("spiffe_id") ? "token_sha256 and spiffe_id" : "neither",
                    "one of token_sha256 and spiffe_id",
                    "say what proves the name; for two proofs make two users");
            return Optional.empty();
        }
        return fields.containsKey("spiffe_id")
                ? certificate(words.text(fields.get("spiffe_id"), at), at.field("spiffe_id"))
                : token(String.valueOf(fields.get("token_sha256")), at.field("token_sha256"));
    }

    private Optional<Proof> token(String digest, Problems at) {
        if (digest.matches("[0-9a-f]{64}")) {
            var token = new Proof.Token(new Digest(digest));
            if (proofs.add(token)) {
                return Optional.of(token);
            }
        }
        at.add(
                Problem.quote(digest),
                "64 lower-case hex digits that no other user has",
                "make a token of its own with 'openssl rand -hex 32 > FILE', and give"
                        + " what 'sha256sum FILE' says");
        return Optional.empty();
    }

    private Optional<Proof> certificate(String id, Problems at) {
        var certificate = new Proof.Certificate(id);
        if (SpiffeId.isOne(id) && proofs.add(certificate)) {
            return Optional.of(certificate);
        }
        at.add(
                Problem.quote(id),
                "spiffe://TRUST-DOMAIN/PATH that no other user has",
                "write the SPIFFE ID that the certificate holds");
        return Optional.empty();
    }
}
