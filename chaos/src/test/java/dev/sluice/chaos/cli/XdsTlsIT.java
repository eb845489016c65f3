package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.xds.Tls;
import dev.sluice.chaos.xds.XdsProxy;
import dev.sluice.contract.Parsed;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.xds.AdsClient;
import dev.sluice.testkit.xds.ScriptedAds;
import dev.sluice.testkit.xds.SotwSubscription;
import io.grpc.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * TLS on both sides of the proxy of xDS: a node in the clear, a proxy that speaks TLS to its
 * upstream, a proxy that speaks TLS to its nodes, and a control plane in the clear.
 */
class XdsTlsIT {
    private static final String CDS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    @TempDir private Path folder;

    private String authority = "";

    @BeforeEach
    void certificates() {
        TestCertificates certificates = TestCertificates.in(folder);
        authority = certificates.authorityFile().toString();
        certificates.issue("control", "control.test");
        certificates.issue("edge", "edge.test");
    }

    private static XdsProxy proxy(int upstream, String... options) throws IOException {
        XdsTlsOptions tls = new XdsTlsOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("tls", mixin(tls)))
                .parseArgs(options);
        if (!(tls.read() instanceof Parsed.Ok<Tls>(Tls spoken))) {
            throw new AssertionError(tls.read().problems());
        }
        InetAddress here = InetAddress.getLoopbackAddress();
        return XdsProxy.start(
                new XdsProxy.Settings(
                        new InetSocketAddress(here, 0),
                        new InetSocketAddress(here, upstream),
                        new InetSocketAddress(here, 0),
                        Optional.empty(),
                        spoken));
    }

    private static CommandLine.Model.CommandSpec mixin(XdsTlsOptions tls) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(tls);
    }

    private XdsProxy towardsNodes(int control) throws IOException {
        return proxy(
                control,
                "--tls-cert=" + folder.resolve("control.pem"),
                "--tls-key=" + folder.resolve("control-key.pem"),
                "--tls-client-ca=" + authority);
    }

    @Test
    void speaks_tls_to_nodes_and_to_the_control_plane() throws Exception {
        try (ScriptedAds control = ScriptedAds.start();
                XdsProxy server = towardsNodes(control.port());
                XdsProxy client =
                        proxy(
                                server.port(),
                                "--upstream-ca=" + authority,
                                "--upstream-name=control.test",
                                "--upstream-cert=" + folder.resolve("edge.pem"),
                                "--upstream-key=" + folder.resolve("edge-key.pem"));
                AdsClient node = AdsClient.connect(client.port())) {
            SotwSubscription clusters = node.sotw(AdsClient.node("edge-1", "edge"));
            clusters.subscribe(CDS, "orders");

            assertThat(control.nextSotw().awaitRequest(CDS).getNode().getId()).isEqualTo("edge-1");
        }
    }

    @ParameterizedTest
    @CsvSource({"--upstream-name=control.test, ''", "--upstream-name=other.test, edge", "'', ''"})
    void breaks_streams_when_a_certificate_is_not_what_it_should_be(String name, String own)
            throws Exception {
        String[] options =
                own.isEmpty()
                        ? new String[] {"--upstream-ca=" + authority, name}
                        : new String[] {
                            "--upstream-ca=" + authority,
                            name,
                            "--upstream-cert=" + folder.resolve(own + ".pem"),
                            "--upstream-key=" + folder.resolve(own + "-key.pem")
                        };
        String[] given =
                Arrays.stream(options).filter(option -> !option.isEmpty()).toArray(String[]::new);
        try (ScriptedAds control = ScriptedAds.start();
                XdsProxy server = towardsNodes(control.port());
                XdsProxy client = proxy(server.port(), given);
                AdsClient node = AdsClient.connect(client.port())) {
            SotwSubscription clusters = node.sotw(AdsClient.node("edge-1", "edge"));
            clusters.subscribe(CDS, "orders");

            assertThat(clusters.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tls-cert=c|--tls-cert: no --tls-key",
                "--tls-key=k|--tls-key: no --tls-cert",
                "--tls-client-ca=a|--tls-client-ca: no --tls-cert",
                "--upstream-cert=c|--upstream-cert: no --upstream-key",
                "--upstream-name=n|--upstream-name: no --upstream-ca",
                "--upstream-ca=no-file|--upstream-ca: a file that can't be read"
            })
    void says_what_is_wrong_with_the_options(String option, String words) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int code = CommandTree.run(writer, writer, "xds", "--upstream", "127.0.0.1:1", option);
        assertThat(code).isEqualTo(2);
        assertThat(said.toString()).contains(words);
    }
}
