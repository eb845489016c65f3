package dev.sluice.control.admin.access;

import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.change.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values of a users' file, each read with its problem. Stateless. */
final class Words {
    private static final String WORD = "[a-z0-9][a-z0-9._@-]{0,62}";
    private static final String WORD_IN_WORDS =
            "1..63 of a-z, 0-9, '.', '_', '@' and '-', a letter or digit first";
    private static final int LONGEST_TEXT = 1_024;

    /** A map, with a problem for each field that nobody reads; empty when it is none. */
    Optional<Map<?, ?>> fields(@Nullable Object tree, Set<String> known, Problems at) {
        if (!(tree instanceof Map<?, ?> fields)) {
            at.add(
                    Problem.quote(String.valueOf(tree)),
                    "fields " + known.stream().sorted().toList(),
                    "write them");
            return Optional.empty();
        }
        for (Object field : fields.keySet()) {
            if (!known.contains(String.valueOf(field))) {
                at.add(
                        "field " + Problem.quote(String.valueOf(field)),
                        "one of " + known.stream().sorted().toList(),
                        "correct or remove it");
            }
        }
        return Optional.of(fields);
    }

    String word(@Nullable Object tree, Problems at) {
        String word = tree == null ? "" : String.valueOf(tree);
        if (!word.matches(WORD)) {
            at.add(Problem.quote(word), WORD_IN_WORDS, "correct it");
        }
        return word;
    }

    String text(@Nullable Object tree, Problems at) {
        String text = tree == null ? "" : String.valueOf(tree);
        if (text.isBlank() || text.length() > LONGEST_TEXT) {
            at.add(Problem.quote(text), "1.." + LONGEST_TEXT + " characters", "write it");
        }
        return text;
    }

    List<String> list(@Nullable Object tree, Problems at) {
        if (tree == null) {
            return List.of();
        }
        if (tree instanceof List<?> items) {
            return items.stream().map(String::valueOf).toList();
        }
        at.add(Problem.quote(String.valueOf(tree)), "a list", "put it in [ ]");
        return List.of();
    }

    Set<String> groups(@Nullable Object tree, Problems at) {
        return list(tree, at).stream().map(group -> word(group, at)).collect(Collectors.toSet());
    }

    Set<Role> roles(@Nullable Object tree, Problems at) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        List<String> words = list(tree, at);
        for (String word : words) {
            Stream.of(Role.values())
                    .filter(role -> word.equals(role.name().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .ifPresentOrElse(
                            roles::add, () -> at.add(Problem.quote(word), roleNames(), "name it"));
        }
        if (words.isEmpty()) {
            at.add("none", "at least one of " + roleNames(), "give one, or take the entry out");
        }
        return roles;
    }

    private static String roleNames() {
        return Stream.of(Role.values())
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
