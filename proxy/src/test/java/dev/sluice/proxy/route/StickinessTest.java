package dev.sluice.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.route.HashPolicySpec;
import dev.sluice.proxy.snapshot.route.HashPolicySpec.IssuedCookie;
import dev.sluice.proxy.snapshot.route.HashPolicySpec.IssuedCookie.Attribute;
import dev.sluice.proxy.snapshot.route.HashPolicySpec.Source;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

class StickinessTest {
    private static final String CONNECTION = "127.0.0.1:40124127.0.0.1:18082";

    /** Recorded from Envoy 1.40 with the same two addresses. */
    @Test
    void a_client_without_the_cookie_is_given_the_one_that_envoy_gives() {
        Stickiness sticky = of(new HeaderBlock(), cookie(Duration.ofSeconds(60), List.of()));

        assertThat(sticky.setCookies())
                .as("set-cookie")
                .containsExactly("c=\"b2e6e08f037c3b2d\"; Max-Age=60; Path=/p; HttpOnly");
        assertThat(sticky.hash())
                .as("hash, the same as when the client comes back")
                .isEqualTo(
                        of(
                                        new HeaderBlock().add("cookie", "c=\"b2e6e08f037c3b2d\""),
                                        cookie(Duration.ZERO, List.of()))
                                .hash());
    }

    @Test
    void a_client_with_the_cookie_is_given_none() {
        Stickiness sticky =
                of(new HeaderBlock().add("cookie", "a=b; c=x"), cookie(Duration.ZERO, List.of()));

        assertThat(sticky.setCookies()).as("set-cookie").isEmpty();
        assertThat(sticky.hash())
                .as("hash")
                .hasValue(LongHashFunction.xx().hashBytes(new byte[] {'x'}));
    }

    @Test
    void attributes_are_written_in_order() {
        Stickiness sticky =
                of(
                        new HeaderBlock(),
                        cookie(
                                Duration.ZERO,
                                List.of(
                                        new Attribute("SameSite", "Lax"),
                                        new Attribute("Secure", ""))));

        assertThat(sticky.setCookies())
                .as("set-cookie")
                .containsExactly("c=\"b2e6e08f037c3b2d\"; Path=/p; SameSite=Lax; Secure; HttpOnly");
    }

    @Test
    void a_terminal_policy_ends_the_search() {
        HashPolicySpec header = new HashPolicySpec(new Source.Header("x-user"), true);
        Stickiness sticky =
                of(
                        new HeaderBlock().add("x-user", "u"),
                        header,
                        cookie(Duration.ofSeconds(1), List.of()));

        assertThat(sticky.setCookies()).as("set-cookie").isEmpty();
    }

    private static HashPolicySpec cookie(Duration lifetime, List<Attribute> attributes) {
        return new HashPolicySpec(
                new Source.Cookie("c", Optional.of(new IssuedCookie(lifetime, "/p", attributes))),
                false);
    }

    private static Stickiness of(HeaderBlock headers, HashPolicySpec... policies) {
        Peer peer =
                new Peer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_124),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 18_082),
                        HttpProtocol.HTTP_1_1,
                        false,
                        Optional.empty(),
                        Optional.empty());
        RequestHead head = new RequestHead("GET", "http", "h", "/", headers);
        return Stickiness.of(List.of(policies), new ExchangeView(head, "/", peer), CONNECTION);
    }
}
