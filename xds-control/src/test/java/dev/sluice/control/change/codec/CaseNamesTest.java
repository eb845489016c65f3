package dev.sluice.control.change.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.ShareTarget;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaseNamesTest {
    @Test
    void every_named_case_has_a_name_of_its_own() {
        assertThatThrownBy(() ->
                        new CaseNames(
                                Map.of(
                                        ShareTarget.OfGate.class,
                                        "x",
                                        ShareTarget.OfSet.class,
                                        "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CaseNames(Map.of(ShareTarget.OfGate.class, "x")))
                .as("a case that was forgotten")
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Arrays.asList(Endpoints.class.getPermittedSubclasses())).hasSize(3);
    }
}
