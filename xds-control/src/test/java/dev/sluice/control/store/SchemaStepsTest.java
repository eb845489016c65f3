package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.change.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaStepsTest {
    private final SchemaSteps steps =
            new SchemaSteps(List.of(List.of("one", "uno"), List.of("two"), List.of("three")));

    @Test
    void only_what_is_missing_is_done_in_order() {
        assertThat(steps.after("db", 0)).containsExactly("one", "uno", "two", "three");
        assertThat(steps.after("db", 2)).containsExactly("three");
        assertThat(steps.after("db", 3)).isEmpty();
    }

    @Test
    void a_later_version_is_refused_with_its_remedy() {
        assertThatThrownBy(() -> steps.after("db", 4))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("db")
                .hasMessageContaining("schema version 4")
                .hasMessageContaining("schema version 0..3")
                .hasMessageContaining("nothing was changed");
    }
}
