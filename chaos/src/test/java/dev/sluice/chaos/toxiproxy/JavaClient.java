package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client library for Java, unchanged. */
abstract class JavaClient extends WireContract {
    private ToxiproxyClient client;
    private Proxy proxy;

    @BeforeEach
    void connect() throws IOException {
        client = new ToxiproxyClient("127.0.0.1", subject().api().getPort());
        proxy = client.createProxy("p", "127.0.0.1:0", "127.0.0.1:" + echo().port());
    }

    @Test
    void asks_for_the_version() throws IOException {
        assertThat(client.version()).contains("version");
    }

    @Test
    void creates_and_finds_proxies() throws IOException {
        assertThat(proxy.getName()).isEqualTo("p");
        assertThat(proxy.isEnabled()).isTrue();
        assertThat(client.getProxies()).extracting(Proxy::getName).containsExactly("p");
        assertThat(client.getProxy("p").getListen()).isEqualTo(proxy.getListen());
        assertThat(client.getProxyOrNull("none")).isNull();
    }

    @Test
    void is_told_why_a_proxy_is_refused() {
        assertThatThrownBy(() -> client.createProxy("p", "127.0.0.1:0", "127.0.0.1:1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[409] proxy already exists");
        assertThatThrownBy(() -> client.getProxy("none"))
                .hasMessageContaining("[404] proxy not found");
    }

    @Test
    void changes_a_proxy() throws IOException {
        proxy.setUpstream("127.0.0.1:1");
        assertThat(client.getProxy("p").getUpstream()).isEqualTo("127.0.0.1:1");
        proxy.setListen("127.0.0.1:0");
        assertThat(proxy.getListen()).startsWith("127.0.0.1:").isNotEqualTo("127.0.0.1:0");
        proxy.disable();
        assertThat(client.getProxy("p").isEnabled()).isFalse();
        proxy.enable();
        assertThat(client.getProxy("p").isEnabled()).isTrue();
        proxy.delete();
        assertThat(client.getProxies()).isEmpty();
    }

    @Test
    void sets_latency() throws IOException {
        var toxic = proxy.toxics().latency("t", ToxicDirection.UPSTREAM, 100).setJitter(15);
        assertThat(toxic.getLatency()).isEqualTo(100);
        assertThat(toxic.getJitter()).isEqualTo(15);
        assertThat(toxic.setLatency(200).getLatency()).isEqualTo(200);
        assertThat(toxic.getStream()).isEqualTo(ToxicDirection.UPSTREAM);
    }

    @Test
    void sets_bandwidth() throws IOException {
        var toxic = proxy.toxics().bandwidth("t", ToxicDirection.DOWNSTREAM, 100);
        assertThat(toxic.getRate()).isEqualTo(100);
        assertThat(toxic.setRate(7).getRate()).isEqualTo(7);
    }

    @Test
    void sets_slow_close() throws IOException {
        var toxic = proxy.toxics().slowClose("t", ToxicDirection.DOWNSTREAM, 100);
        assertThat(toxic.setDelay(7).getDelay()).isEqualTo(7);
    }

    @Test
    void sets_timeout() throws IOException {
        var toxic = proxy.toxics().timeout("t", ToxicDirection.DOWNSTREAM, 100);
        assertThat(toxic.setTimeout(7).getTimeout()).isEqualTo(7);
    }

    @Test
    void sets_reset_peer() throws IOException {
        var toxic = proxy.toxics().resetPeer("t", ToxicDirection.DOWNSTREAM, 100);
        assertThat(toxic.setTimeout(7).getTimeout()).isEqualTo(7);
    }

    @Test
    void sets_slicer() throws IOException {
        var toxic =
                proxy.toxics()
                        .slicer("t", ToxicDirection.DOWNSTREAM, 100, 200)
                        .setSizeVariation(50);
        assertThat(toxic.getAverageSize()).isEqualTo(100);
        assertThat(toxic.getDelay()).isEqualTo(200);
        assertThat(toxic.getSizeVariation()).isEqualTo(50);
    }

    @Test
    void sets_limit_data() throws IOException {
        var toxic = proxy.toxics().limitData("t", ToxicDirection.DOWNSTREAM, 100);
        assertThat(toxic.setBytes(7).getBytes()).isEqualTo(7);
    }

    @Test
    void sets_toxicity_and_removes() throws IOException {
        Latency toxic = proxy.toxics().latency("t", ToxicDirection.DOWNSTREAM, 1);
        toxic.setToxicity(0.5f);
        assertThat(proxy.toxics().get("t", Latency.class).getToxicity()).isEqualTo(0.5f);
        toxic.remove();
        assertThat(proxy.toxics().getAll()).isEmpty();
        assertThatThrownBy(() -> proxy.toxics().get("t"))
                .hasMessageContaining("[404] toxic not found");
    }

    @Test
    void lists_toxics_of_all_kinds() throws IOException {
        proxy.toxics().latency("a", ToxicDirection.DOWNSTREAM, 1);
        proxy.toxics().bandwidth("b", ToxicDirection.UPSTREAM, 1);
        proxy.toxics().limitData("c", ToxicDirection.UPSTREAM, 1);
        assertThat(proxy.toxics().getAll())
                .extracting(Toxic::getName)
                .containsExactly("b", "c", "a");
    }

    @Test
    void resets() throws IOException {
        proxy.toxics().latency("t", ToxicDirection.DOWNSTREAM, 1);
        proxy.disable();
        client.reset();
        assertThat(client.getProxy("p").isEnabled()).isTrue();
        assertThat(client.getProxy("p").toxics().getAll()).isEmpty();
    }
}
