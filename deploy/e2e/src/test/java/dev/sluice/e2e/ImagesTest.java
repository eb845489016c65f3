package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images start the JVM as the launcher does, but for start-up caches. */
class ImagesTest {
    private static final Pattern FLAG =
            Pattern.compile("(?<=[ \"(])-(?:[XD]|-[a-z])[^\\s\")\\\\]+");

    private static Set<String> flags(Path file, String part) throws IOException {
        MatchResult text =
                Pattern.compile(part, Pattern.DOTALL)
                        .matcher(Files.readString(file))
                        .results()
                        .findFirst()
                        .orElseThrow();
        Set<String> flags = new TreeSet<>();
        FLAG.matcher(text.group(1)).results().map(MatchResult::group).forEach(flags::add);
        return flags;
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "control"})
    void an_image_has_the_flags_of_the_launcher(String component) throws IOException {
        Path launcher = Path.of("../bin/sluice");
        Set<String> flags = flags(launcher, "\n  flags=(\\(.*?)\n  case");
        flags.addAll(flags(launcher, "\n    " + component + "\\) module=(.*?);;"));

        assertThat(flags).as("flags of the launcher").hasSizeGreaterThan(6);
        assertThat(
                        flags(
                                Path.of("../docker/Dockerfile"),
                                "AS " + component + "\n.*?ENTRYPOINT (.*?), \"-cp\""))
                .isEqualTo(flags);
    }
}
