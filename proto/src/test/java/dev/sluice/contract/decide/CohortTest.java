package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.decide.Cohort.Membership;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.match.PlainRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CohortTest {
    private static CohortMatch says(String fields) {
        return Gates.orders(
                        "contract_version: 2 rules { name: 'c' cohort {" + fields + "} share {} }")
                .rules()
                .getFirst()
                .cohort()
                .orElseThrow();
    }

    private static Membership of(String fields, String key) {
        return new Cohort(says(fields))
                .membership(
                        key.isEmpty() ? Optional.empty() : Optional.of(key), PlainRequest.NOTHING);
    }

    @Test
    void it_is_told_who_is_in_and_why() {
        String keys = "include { exact: 'a' } include { suffix: '.eu' } exclude { contains: 'x' }";

        assertThat(of(keys, "a")).isEqualTo(new Membership(true, "include[0] has the key"));
        assertThat(of(keys, "b.eu")).isEqualTo(new Membership(true, "include[1] has the key"));
        assertThat(of(keys, "x.eu")).isEqualTo(new Membership(false, "exclude[0] has the key"));
        assertThat(of(keys, "b")).isEqualTo(new Membership(false, "include does not have the key"));
        assertThat(of(keys, ""))
                .isEqualTo(new Membership(false, "there is no key, and it names keys"));
        assertThat(of("exclude { exact: 'a' }", "b"))
                .isEqualTo(new Membership(true, "it has every key but those excluded"));
        assertThat(of("match { methods: 'PUT' }", "b"))
                .isEqualTo(new Membership(false, "the request is not like match"));
        assertThat(of("", ""))
                .isEqualTo(new Membership(true, "it names no keys, and the request is like match"));
    }

    @Test
    void one_cohort_covers_another_when_it_surely_has_all_of_it() {
        String a = "include { exact: 'a' } ";
        String ab = a + "include { exact: 'b' } ";
        String noX = "exclude { exact: 'x' } ";
        String get = "match { methods: 'GET' } ";

        assertThat(says(ab).covers(says(a))).isTrue();
        assertThat(says(a).covers(says(ab))).isFalse();
        assertThat(says("").covers(says(a))).as("every key").isTrue();
        assertThat(says(a).covers(says(""))).isFalse();
        assertThat(says(noX).covers(says(a + noX))).isTrue();
        assertThat(says(a).covers(says(a + noX))).isTrue();
        assertThat(says(a + noX).covers(says(a))).isFalse();
        assertThat(says(a).covers(says(a + get))).isTrue();
        assertThat(says(a + get).covers(says(a + get))).isTrue();
        assertThat(says(a + get).covers(says(a))).isFalse();
        assertThat(says(ab + noX).size()).isEqualTo(3);
    }
}
