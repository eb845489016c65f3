package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.NodeNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code deploy/kubernetes/sidecar.yaml} says what the proxy understands. */
class ManifestTest {
    private static final Path MANIFEST = Path.of("../deploy/kubernetes/sidecar.yaml");
    private static final Pattern ARGS = Pattern.compile("args: \\[(\"-c\".*)]");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern BOOTSTRAP =
            Pattern.compile("  bootstrap\\.yaml: \\|\n((?: {4}.*\n)+)");

    private static String found(Pattern pattern) throws IOException {
        MatchResult found =
                pattern.matcher(Files.readString(MANIFEST)).results().findFirst().orElseThrow();
        return found.group(1);
    }

    private static Arguments arguments() throws IOException {
        List<String> words =
                WORD.matcher(found(ARGS)).results().map(word -> word.group(1)).toList();
        return Arguments.parse(words.toArray(String[]::new)).orThrow();
    }

    @Test
    void the_sidecar_is_started_by_options_that_there_are() throws IOException {
        Arguments arguments = arguments();

        assertThat(arguments.config()).contains("/etc/sluice/bootstrap.yaml");
        assertThat(arguments.node().id()).contains("$(POD_NAME)");
    }

    @Test
    void its_bootstrap_serves_every_pod_and_none_without_its_name() throws IOException {
        String bootstrap = found(BOOTSTRAP).stripIndent();
        NodeNames pod =
                new NodeNames(Optional.of("orders-v2-7f"), Optional.empty(), Optional.empty());

        BootstrapSpec read = BootstrapReader.read(bootstrap, "bootstrap.yaml", pod).orThrow();

        assertThat(read.node().id()).isEqualTo("orders-v2-7f");
        assertThat(read.node().cluster()).isEqualTo("orders");
        assertThat(read.ads()).isPresent();
        assertThat(BootstrapReader.read(bootstrap, "bootstrap.yaml").problems())
                .singleElement()
                .asString()
                .contains("a node without id", "--service-node");
    }
}
