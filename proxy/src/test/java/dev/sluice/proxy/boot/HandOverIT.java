package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.handover.HandOverClient;
import dev.sluice.proxy.handover.HandOverClient.Asked;
import dev.sluice.proxy.handover.HandOverServer;
import dev.sluice.proxy.handover.HandedSockets;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two proxies, one of which takes the listening sockets of the other. */
@ExtendWith(LeakCheck.class)
class HandOverIT {
    @TempDir private Path folder;
    private final List<HandOverServer> servers = new ArrayList<>();

    @BeforeEach
    void descriptorsCanBePassed() {
        Assumptions.assumeTrue(Epoll.isAvailable(), "only epoll passes descriptors");
    }

    private Path place() {
        return folder.resolve("sluice.sock");
    }

    private static String saying(String who, int port) {
        return Yaml.bootstrap(
                        "- {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: %s}}}\n"
                                .formatted(who))
                .replace("  clusters:\n", "")
                .replace("port_value: 0", "port_value: " + port);
    }

    @AfterEach
    void close() {
        servers.forEach(HandOverServer::close);
    }

    private void handOver(RunningProxy proxy, Runnable leave) {
        servers.add(
                HandOverServer.open(
                                place(), new HandOverServer.Handing(proxy.proxy()::sockets, leave))
                        .orThrow());
    }

    private Asked.Handed take() {
        return (Asked.Handed) HandOverClient.ask(place()).orThrow();
    }

    private static RunningProxy successor(int loops, HandedSockets sockets, int port) {
        return RunningProxy.start(
                ProxySettings.defaults().withEventLoops(loops).withHanded(sockets),
                saying("new", port));
    }

    /** Asks until an answer says that it is the connection's last. */
    private static String lastAnswer(RawHttp1Client client) throws IOException {
        H1Response answer = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
        while (!answer.headers().has("connection")) {
            answer = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
        }
        assertThat(answer.headers().first("connection")).contains("close");
        return answer.body().text();
    }

    private static String ask(RawHttp1Client client) throws IOException {
        return client.exchange("GET", "/", Headers.NONE, Body.EMPTY).body().text();
    }

    @Test
    void the_next_process_listens_on_the_same_socket_and_the_one_before_drains() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (RunningProxy before = RunningProxy.start(1, saying("old", 0))) {
            int port = before.port();
            handOver(before, left::countDown);
            try (RawHttp1Client staying = RawHttp1Client.connect(port)) {
                assertThat(ask(staying)).isEqualTo("old");
                Asked.Handed handed = take();
                assertThat(handed.sockets().size()).isEqualTo(1);

                try (RunningProxy after = successor(1, handed.sockets(), port)) {
                    assertThat(handed.sockets().size()).as("sockets left").isZero();
                    assertThat(after.port()).isEqualTo(port);
                    handed.from().ready();
                    Patience.await(left, "the process before to be told");
                    assertThat(Files.exists(place())).as("the place of the one before").isFalse();
                    var drained = before.proxy().drain();

                    assertThat(lastAnswer(staying)).isEqualTo("old");
                    Patience.await(drained, "the clients of the one before to leave");
                    assertThat(RawHttp1Client.get(port, "/").body().text()).isEqualTo("new");
                }
            }
        }
    }

    @Test
    void no_connection_is_lost_under_load() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch warm = new CountDownLatch(40);
        AtomicInteger fresh = new AtomicInteger();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        try (RunningProxy before = RunningProxy.start(2, saying("old", 0))) {
            int port = before.port();
            List<Future<Integer>> served = new ArrayList<>();
            handOver(before, left::countDown);
            for (int i = 0; i < 4; i++) {
                served.add(
                        clients.submit(() -> {
                            int answers = 0;
                            int more = 50;
                            while (more > 0 && answers < 20_000) {
                                boolean after = fresh.get() > 0;
                                String who = RawHttp1Client.get(port, "/").body().text();
                                answers++;
                                warm.countDown();
                                if (after) {
                                    more--;
                                    assertThat(who).isEqualTo("new");
                                }
                            }
                            return answers;
                        }));
            }
            Patience.await(warm, "the clients to be served");
            Asked.Handed handed = take();
            try (RunningProxy next = successor(2, handed.sockets(), port)) {
                assertThat(next.port()).isEqualTo(port);
                handed.from().ready();
                Patience.await(left, "the process before to be told");
                Patience.await(before.proxy().drain(), "the one before to drain");
                fresh.incrementAndGet();
                for (Future<Integer> one : served) {
                    assertThat(Patience.await(one, "a client to be served to its end"))
                            .isGreaterThan(0);
                }
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void a_next_process_that_gives_up_changes_nothing() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (RunningProxy before = RunningProxy.start(1, saying("old", 0))) {
            handOver(before, left::countDown);
            Asked.Handed first = take();
            first.from().close();
            first.sockets().closeRest();

            assertThat(RawHttp1Client.get(before.port(), "/").body().text()).isEqualTo("old");
            assertThat(left.getCount()).as("nobody was told to leave").isEqualTo(1);
            Asked.Handed second = take();
            assertThat(second.sockets().size()).isEqualTo(1);
            second.from().close();
            second.sockets().closeRest();
        }
    }

    @Test
    void the_first_process_finds_nobody_even_where_one_had_crashed() throws Exception {
        assertThat(HandOverClient.ask(place()).orThrow()).isEqualTo(new Asked.Nobody());
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(place()));
        }
        assertThat(Files.exists(place())).as("the file that it left").isTrue();

        assertThat(HandOverClient.ask(place()).orThrow()).isEqualTo(new Asked.Nobody());
        try (RunningProxy proxy = RunningProxy.start(1, saying("old", 0))) {
            handOver(proxy, () -> {});
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void a_file_that_is_no_socket_is_left_alone() throws Exception {
        Files.writeString(place(), "mine");

        assertThat(HandOverClient.ask(place()).problems())
                .singleElement()
                .extracting(Problem::path)
                .isEqualTo("--hand-over");
        assertThat(Files.readString(place())).isEqualTo("mine");
    }
}
