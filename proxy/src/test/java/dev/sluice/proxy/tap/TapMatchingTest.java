package dev.sluice.proxy.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TapMatchingTest {
    private static final TapMatch REQUEST = has(Part.REQUEST_HEADERS, "a");
    private static final TapMatch ANSWER = has(Part.RESPONSE_HEADERS, "b");
    private static final TapMatch TRAILERS = has(Part.RESPONSE_TRAILERS, "c");

    private static TapMatch has(Part part, String name) {
        return new TapMatch.Fields(
                part,
                List.of(
                        new HeaderMatcher(
                                name,
                                new HeaderMatcher.Test.Present(),
                                HeaderMatcher.Sense.HOLDS,
                                HeaderMatcher.Missing.ABSENT)));
    }

    private static TapLookup with(String... names) {
        return name -> List.of(names).contains(name) ? Optional.of("1") : Optional.empty();
    }

    @Test
    void a_match_on_one_part_is_decided_by_that_part_alone() {
        assertThat(TapMatching.after(REQUEST, Part.RESPONSE_HEADERS, with("a"))).isEqualTo(REQUEST);
        assertThat(TapMatching.after(REQUEST, Part.REQUEST_HEADERS, with("a")))
                .isEqualTo(TapMatch.ANY);
        assertThat(TapMatching.after(REQUEST, Part.REQUEST_HEADERS, with("b")))
                .isEqualTo(TapMatch.NONE);
    }

    @Test
    void what_is_open_is_what_is_left() {
        TapMatch all = new TapMatch.All(List.of(REQUEST, ANSWER, TRAILERS));

        TapMatch left = TapMatching.after(all, Part.REQUEST_HEADERS, with("a"));

        assertThat(left).isEqualTo(new TapMatch.All(List.of(ANSWER, TRAILERS)));
        assertThat(TapMatching.after(all, Part.REQUEST_HEADERS, with())).isEqualTo(TapMatch.NONE);
        assertThat(
                        TapMatching.after(
                                TapMatching.after(left, Part.RESPONSE_HEADERS, with("b")),
                                Part.RESPONSE_TRAILERS,
                                with("c")))
                .isEqualTo(TapMatch.ANY);
    }

    @Test
    void one_of_several_is_enough() {
        TapMatch either = new TapMatch.Either(List.of(REQUEST, ANSWER));

        assertThat(TapMatching.after(either, Part.REQUEST_HEADERS, with("a")))
                .isEqualTo(TapMatch.ANY);
        TapMatch left = TapMatching.after(either, Part.REQUEST_HEADERS, with());
        assertThat(left).isEqualTo(new TapMatch.Either(List.of(ANSWER)));
        assertThat(TapMatching.after(left, Part.RESPONSE_HEADERS, with())).isEqualTo(TapMatch.NONE);
    }

    @Test
    void a_part_that_never_came_does_not_match_and_its_negation_does() {
        assertThat(TapMatching.atEnd(TRAILERS)).isEqualTo(TapMatch.NONE);
        assertThat(TapMatching.atEnd(new TapMatch.Not(TRAILERS))).isEqualTo(TapMatch.ANY);
        assertThat(TapMatching.after(new TapMatch.Not(TRAILERS), Part.RESPONSE_TRAILERS, with("c")))
                .isEqualTo(TapMatch.NONE);
    }
}
