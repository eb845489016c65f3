package dev.sluice.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import dev.sluice.admin.v1.Service;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.RuleMatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private static final UnknownFieldSet UNKNOWN =
            UnknownFieldSet.newBuilder()
                    .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build();

    @Test
    void a_problem_says_where_what_expected_and_remedy() {
        Problem problem = new Problem("rules[1].name", "'A'", "lower case", "rename it");

        assertThat(problem).hasToString("rules[1].name: 'A' (expected lower case); rename it");
        assertThat(new Problem("", "'A'", "b", "c").message()).isEqualTo("'A' (expected b); c");
    }

    @Test
    void a_long_text_is_quoted_in_part() {
        assertThat(Problem.quote("a".repeat(80))).isEqualTo("'" + "a".repeat(80) + "'");
        assertThat(Problem.quote("a".repeat(81))).endsWith("…' (81 characters)");
    }

    @Test
    void paths_nest() {
        Problems problems = Problems.at("gate");

        problems.field("rules").index(1).field("match").add("a", "b", "c");
        problems.key("x.y").add("a", "b", "c");
        problems.add("a", "b", "c");

        assertThat(problems.all())
                .extracting(Problem::path)
                .containsExactly("gate.rules[1].match", "gate[\"x.y\"]", "gate");
        assertThat(problems.count()).isEqualTo(3);
        assertThat(problems.isEmpty()).isFalse();
        assertThat(problems.field("z").path()).isEqualTo("gate.z");
    }

    @Test
    void a_parse_is_whole_or_refused_with_everything() {
        Problems problems = Problems.root();
        assertThat(problems.finish(() -> 1)).isEqualTo(Parsed.ok(1));
        problems.addAll(List.of(new Problem("a", "b", "c", "d")));
        assertThat(problems.take(GateName.parse("x"))).isEmpty();
        assertThat(problems.take(GateName.parse("gates/x"))).contains(new GateName("x"));

        Parsed<Integer> refused = problems.finish(() -> 1);

        assertThat(refused.problems()).hasSize(2);
        assertThat(refused.toOptional()).isEmpty();
        assertThat(refused.map(i -> i + 1).problems()).hasSize(2);
        assertThat(Parsed.ok(1).map(i -> i + 1).toOptional()).contains(2);
        assertThatThrownBy(refused::orThrow).hasMessageContaining("a: b (expected c); d\n'x'");
        assertThatThrownBy(() -> new Parsed.Refused<>(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unknown_fields_are_found_at_any_depth() {
        Gate gate =
                Gate.newBuilder()
                        .setUnknownFields(UNKNOWN)
                        .addRules(Rule.newBuilder())
                        .addRules(
                                Rule.newBuilder()
                                        .setMatch(RuleMatch.newBuilder().setUnknownFields(UNKNOWN)))
                        .build();
        Problems problems = Problems.root();

        UnknownFields.refuse(gate, problems);

        assertThat(problems.all()).extracting(Problem::path).containsExactly("", "rules[1].match");
        assertThat(problems.all().getFirst().got()).isEqualTo("unknown field number 900");
    }

    @Test
    void maps_of_words_hold_no_unknown_fields() {
        Problems problems = Problems.root();

        UnknownFields.refuse(Service.newBuilder().putLabels("a", "b").build(), problems);

        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void parts_per_million_are_0_to_a_million() {
        Problems problems = Problems.at("share_ppm");

        assertThat(PartsPerMillion.parse(1_000_000, problems)).isEqualTo(PartsPerMillion.ALL);
        assertThat(problems.isEmpty()).isTrue();
        PartsPerMillion.parse(1_000_001, problems);
        PartsPerMillion.parse(-1, problems);
        assertThat(problems.all())
                .extracting(Problem::got)
                .containsExactly("1000001", "4294967295");
        assertThatThrownBy(() -> new PartsPerMillion(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PartsPerMillion(1_000_001))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void people_see_percent() {
        assertThat(new PartsPerMillion(250_000)).hasToString("25 %");
        assertThat(new PartsPerMillion(5_000)).hasToString("0.5 %");
        assertThat(new PartsPerMillion(1)).hasToString("0.0001 %");
        assertThat(new PartsPerMillion(123_456)).hasToString("12.3456 %");
    }
}
