package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code deploy/kubernetes/control.yaml} says what the control plane understands. */
class ManifestTest {
    private static final Path MANIFESTS = Path.of("../deploy/kubernetes");
    private static final Pattern ARGS = Pattern.compile("args: \\[(\"--state\".*)]");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

    private static Settings settings() throws IOException {
        MatchResult args =
                ARGS.matcher(Files.readString(MANIFESTS.resolve("control.yaml")))
                        .results()
                        .findFirst()
                        .orElseThrow();
        List<String> words =
                WORD.matcher(args.group(1)).results().map(word -> word.group(1)).toList();
        ControlCommand command = new ControlCommand();
        var unused = new CommandLine(command).parseArgs(words.toArray(String[]::new));
        return Main.read(command, Map.of(), Path.of("/")).orThrow();
    }

    @Test
    void only_nodes_come_in_from_outside_the_pod() throws IOException {
        Settings settings = settings();

        assertThat(settings.admin().getAddress().isLoopbackAddress()).isTrue();
        assertThat(settings.web().map(web -> web.getAddress().isLoopbackAddress()))
                .isEqualTo(Optional.of(true));
        assertThat(settings.xds().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(Files.readString(MANIFESTS.resolve("sidecar.yaml")))
                .as("where sidecars look for it")
                .contains("port_value: " + settings.xds().getPort());
    }
}
