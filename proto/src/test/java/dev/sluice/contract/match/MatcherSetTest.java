package dev.sluice.contract.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatcherSetTest {
    private static StringMatcher exact(String text) {
        return new StringMatcher.Exact(WireText.of(text), LetterCase.SENSITIVE);
    }

    @Test
    void each_of_many_exact_texts_is_found_and_no_other() {
        List<StringMatcher> matchers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            matchers.add(exact("key-" + i));
        }
        MatcherSet set = MatcherSet.of(matchers);

        for (int i = 0; i < 1_000; i++) {
            assertThat(set.matches("key-" + i)).as("key-" + i).isTrue();
        }
        assertThat(set.matches("key-1000")).isFalse();
        assertThat(set.matches("")).isFalse();
        assertThat(set.matches("KEY-1")).isFalse();
    }

    @Test
    void texts_of_one_hash_are_told_apart() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        MatcherSet set = MatcherSet.of(List.of(exact("AaAa"), exact("BBBB"), exact("AaBB")));

        assertThat(set.matches("AaAa")).isTrue();
        assertThat(set.matches("BBBB")).isTrue();
        assertThat(set.matches("AaBB")).isTrue();
        assertThat(set.matches("BBAa")).isFalse();
    }

    @Test
    void other_matchers_are_asked_too() {
        MatcherSet set =
                MatcherSet.of(
                        List.of(
                                exact("a"),
                                new StringMatcher.Exact(WireText.of("b"), LetterCase.IGNORED),
                                new StringMatcher.Prefix(WireText.of("p-"), LetterCase.SENSITIVE)));

        assertThat(set.matches("B")).isTrue();
        assertThat(set.matches("p-1")).isTrue();
        assertThat(set.matches("A")).isFalse();
        assertThat(set.isEmpty()).isFalse();
        assertThat(MatcherSet.of(List.of(exact("a"))).isEmpty()).isFalse();
        assertThat(MatcherSet.of(matchersOnly()).isEmpty()).isFalse();
        assertThat(MatcherSet.of(List.of()).isEmpty()).isTrue();
        assertThat(MatcherSet.of(List.of()).matches("a")).isFalse();
    }

    private static List<StringMatcher> matchersOnly() {
        return List.of(new StringMatcher.Suffix(WireText.of("s"), LetterCase.SENSITIVE));
    }
}
