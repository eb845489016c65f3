package dev.sluice.control.admin.access;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.change.Digest;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.governance.Role;
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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Users beside the embedded admin, from a YAML or JSON file. It holds no secret, only the digest of
 * each token; who may write it may let anybody in, so only its owner may. For one reading.
 *
 * <pre>
 * users:
 * - name: ada
 *   token_sha256: 2f1c…  # what sha256sum says of the token's file: the token and a line feed
 *   roles: [operator, approver]
 *   groups: [dba]
 * </pre>
 */
public final class UsersFile {
    private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final String WORD = "[a-z0-9][a-z0-9._@-]{0,62}";
    private static final String WORD_IN_WORDS =
            "1..63 of a-z, 0-9, '.', '_', '@' and '-', a letter or digit first";
    private static final Set<String> FIELDS = Set.of("name", "token_sha256", "roles", "groups");

    private final Problems problems;
    private final Set<String> names = new HashSet<>();
    private final Set<String> digests = new HashSet<>();

    private UsersFile(Path file) {
        problems = Problems.at(file.toString());
    }

    /**
     * One user and the digest of its token.
     *
     * @param tokenSha256 of the token and a line feed
     */
    public record Entry(User user, Digest tokenSha256) {}

    /** Reads a file, or tells everything that is wrong with it. Blocks. */
    public static Parsed<List<Entry>> read(Path file) {
        return new UsersFile(file).entries(file);
    }

    private Parsed<List<Entry>> entries(Path file) {
        List<Entry> entries = new ArrayList<>();
        try {
            refuseWritersBesideTheOwner(file);
            String text = Files.readString(file, StandardCharsets.UTF_8);
            Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
            if (tree instanceof Map<?, ?> root
                    && root.keySet().equals(Set.of("users"))
                    && root.get("users") instanceof List<?> users) {
                for (int i = 0; i < users.size(); i++) {
                    entry(users.get(i), problems.field("users").index(i), entries);
                }
            } else {
                problems.add("something else", "a list 'users' and nothing beside it", "write it");
            }
        } catch (IOException e) {
            problems.add(
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "a readable file in UTF-8",
                    "check the path and its owner");
        } catch (YamlEngineException e) {
            problems.add(String.valueOf(e.getMessage()), "YAML or JSON", "correct the file");
        }
        return problems.finish(() -> List.copyOf(entries));
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

    private void entry(Object tree, Problems at, List<Entry> entries) {
        if (!(tree instanceof Map<?, ?> fields)) {
            at.add(Problem.quote(String.valueOf(tree)), "fields " + FIELDS, "write them");
            return;
        }
        for (Object field : fields.keySet()) {
            if (!FIELDS.contains(String.valueOf(field))) {
                at.add(
                        "field " + Problem.quote(String.valueOf(field)),
                        "one of " + FIELDS.stream().sorted().toList(),
                        "correct or remove it");
            }
        }
        String name = word(fields.get("name"), at.field("name"));
        if (name.equals(Governance.EMBEDDED_ADMIN) || !names.add(name)) {
            at.field("name")
                    .add(
                            Problem.quote(name),
                            "a name that no other user has, nor the embedded admin",
                            "rename one");
        }
        String digest = String.valueOf(fields.get("token_sha256"));
        if (!digest.matches("[0-9a-f]{64}") || !digests.add(digest)) {
            at.field("token_sha256")
                    .add(
                            Problem.quote(digest),
                            "64 lower-case hex digits that no other user has",
                            "make a token of its own with 'openssl rand -hex 32 > FILE', and give"
                                    + " what 'sha256sum FILE' says");
        }
        Set<Role> roles = roles(fields.get("roles"), at.field("roles"));
        Set<String> groups =
                words(fields.get("groups"), at.field("groups")).stream()
                        .map(group -> word(group, at.field("groups")))
                        .collect(Collectors.toSet());
        if (problems.isEmpty()) {
            entries.add(new Entry(new User(name, roles, groups), new Digest(digest)));
        }
    }

    private static Set<Role> roles(@Nullable Object tree, Problems at) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        List<String> words = words(tree, at);
        for (String word : words) {
            Stream.of(Role.values())
                    .filter(role -> word.equals(role.name().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .ifPresentOrElse(
                            roles::add, () -> at.add(Problem.quote(word), roleNames(), "name it"));
        }
        if (words.isEmpty()) {
            at.add("none", "at least one of " + roleNames(), "give one, or take the user out");
        }
        return roles;
    }

    private static String roleNames() {
        return Stream.of(Role.values())
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static List<String> words(@Nullable Object tree, Problems at) {
        if (tree == null) {
            return List.of();
        }
        if (tree instanceof List<?> items) {
            return items.stream().map(String::valueOf).toList();
        }
        at.add(Problem.quote(String.valueOf(tree)), "a list", "put it in [ ]");
        return List.of();
    }

    private static String word(@Nullable Object tree, Problems at) {
        String word = tree == null ? "" : String.valueOf(tree);
        if (!word.matches(WORD)) {
            at.add(Problem.quote(word), WORD_IN_WORDS, "correct it");
        }
        return word;
    }
}
