package dev.sluice.control.admin.desk;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list that is ordered by name (AIP 158). A token is the last name of the page
 * before, so a page is right whatever came or went meanwhile. Immutable.
 *
 * @param nextToken empty on the last page
 */
public record Page<R>(List<R> resources, String nextToken) {
    private static final int DEFAULT_SIZE = 100;
    private static final int LARGEST = 1_000;

    /**
     * The page that a request asks for.
     *
     * @param ordered by their names
     * @param pageSize 0 for 100; more than 1,000 is 1,000
     * @param after token of the page before, or empty
     * @param parse reads a name
     */
    public static <R, N extends Comparable<N>> Page<R> of(
            Collection<R> ordered,
            int pageSize,
            String after,
            Function<R, N> name,
            Function<String, Parsed<N>> parse) {
        Problems problems = Problems.root();
        int size = size(pageSize, problems);
        Optional<N> last = after.isEmpty() ? Optional.empty() : last(after, parse, problems);
        Desk.refuseIfAny(problems.all());
        List<R> found =
                ordered.stream()
                        .dropWhile(resource ->
                                last.isPresent() && name.apply(resource).compareTo(last.get()) <= 0)
                        .limit(size + 1L)
                        .toList();
        return found.size() <= size
                ? new Page<>(found, "")
                : new Page<>(
                        found.subList(0, size), token(name.apply(found.get(size - 1)).toString()));
    }

    /** How many a page holds at most; a negative size is a problem. */
    public static int size(int pageSize, Problems problems) {
        if (pageSize < 0) {
            problems.field("page_size")
                    .add(Integer.toString(pageSize), "0..1000", "leave it out for 100");
        }
        return pageSize == 0 ? DEFAULT_SIZE : Math.min(pageSize, LARGEST);
    }

    private static <N> Optional<N> last(
            String token, Function<String, Parsed<N>> parse, Problems problems) {
        Optional<N> last = decoded(token).flatMap(name -> parse.apply(name).toOptional());
        if (last.isEmpty()) {
            problems.field("page_token")
                    .add(Problem.quote(token), "next_page_token of an answer", "begin again");
        }
        return last;
    }

    private static Optional<String> decoded(String token) {
        try {
            return Optional.of(
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String token(String name) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }
}
