package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

    @Test
    void the_page_lists_exactly_the_differences_that_the_wire_contract_allows() throws IOException {
        String page = Files.readString(Path.of("../docs/toxiproxy-differences.md"));
        List<String> listed = ROW.matcher(page).results().map(row -> row.group(1)).toList();
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Difference.values()).map(Difference::id).toList());
    }
}
