package dev.sluice.control.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sluice.contract.SinkName;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Login;
import dev.sluice.control.change.spec.SinkSpec.Mode;
import dev.sluice.control.change.spec.SinkSpec.Security;
import dev.sluice.control.change.spec.SinkSpec.Selector;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.tls.TestCertificates;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Couriers against real servers. */
class CouriersIT {
    private static final Secrets SECRETS =
            new Secrets(
                    Optional.empty(),
                    Map.of(
                            "SLUICE_SECRET_KEY", "a key",
                            "SLUICE_SECRET_TOKEN", "a-token",
                            "SLUICE_SECRET_PASSWORD", "right",
                            "SLUICE_SECRET_OTHER", "wrong"));

    @TempDir private Path folder;
    private final ManualClock clock = new ManualClock();
    private final News news =
            News.test("sinks/s", "ada", "test-1", Instant.parse("2026-11-01T12:00:00Z"));

    @Test
    void a_webhook_gets_one_signed_post() throws Exception {
        try (var hook = new HookServer(204);
                Couriers couriers = couriers(hook.origin())) {
            Receipt receipt =
                    couriers.send(
                            sink(
                                    new Destination.Webhook(
                                            hook.origin() + "/in?team=a",
                                            Mode.STRUCTURED,
                                            Optional.of("key"),
                                            Optional.of("token"))),
                            news);

            assertThat(receipt).isInstanceOf(Receipt.Delivered.class);
            assertThat(receipt.detail()).contains("answered 204").doesNotContain("team");
            HookServer.Got got = hook.got().next();
            assertThat(got.headers().getFirst("Content-Type"))
                    .startsWith("application/cloudevents+json");
            assertThat(got.headers().getFirst("Authorization")).isEqualTo("Bearer a-token");
            assertThat(got.headers().getFirst("webhook-id")).isEqualTo("test-1");
            assertThat(got.headers().getFirst("webhook-signature"))
                    .isEqualTo(
                            Signature.headers(
                                            "a key",
                                            "test-1",
                                            clock.instant(),
                                            got.body().getBytes(StandardCharsets.UTF_8))
                                    .get("webhook-signature"));
            JsonNode event = new ObjectMapper().readTree(got.body());
            assertThat(event.path("specversion").asText()).isEqualTo("1.0");
            assertThat(event.path("type").asText()).isEqualTo("dev.sluice.sink.tested");
        }
    }

    @Test
    void a_redirect_is_not_followed_and_answers_say_whether_to_try_again() throws Exception {
        try (var hook = new HookServer(302);
                Couriers couriers = couriers(hook.origin())) {
            SinkSpec sink = sink(webhook(hook.origin()));

            assertThat(couriers.send(sink, news).detail())
                    .contains("answered 302", "redirects are not followed");
            hook.answer(503);
            assertThat(couriers.send(sink, news))
                    .isInstanceOfSatisfying(
                            Receipt.Failed.class,
                            failed -> assertThat(failed.pause()).contains(Duration.ofSeconds(1)));
            hook.answer(422);
            assertThat(couriers.send(sink, news)).isInstanceOf(Receipt.Refused.class);
            assertThat(hook.got().received())
                    .extracting(HookServer.Got::path)
                    .containsExactly("/in", "/in", "/in");
        }
    }

    @Test
    void where_the_operator_allows_nothing_nothing_is_sent() throws Exception {
        try (var hook = new HookServer(204);
                Couriers couriers = couriers("http://127.0.0.1:1")) {
            SinkSpec sink = sink(webhook(hook.origin()));

            assertThat(couriers.send(sink, news).detail()).contains("--notify-allow");
            assertThat(couriers.refusal(sink).orElseThrow().got()).isEqualTo(hook.origin());
            assertThat(hook.got().received()).isEmpty();
        }
    }

    @Test
    void a_chat_gets_a_message_that_can_call_nobody_and_its_address_stays_secret()
            throws Exception {
        try (var hook = new HookServer(200)) {
            var secrets =
                    new Secrets(
                            Optional.empty(),
                            Map.of("SLUICE_SECRET_CHAT", hook.origin() + "/services/T0/hidden"));
            try (Couriers couriers =
                    new Couriers(
                            Origins.parse("--allow", List.of(hook.origin())).orThrow(),
                            secrets,
                            Trust.ofSystem(),
                            "urn:test",
                            clock)) {
                News loud = News.test("sinks/s", "<!channel>", "test-1", clock.instant());

                Receipt receipt = couriers.send(sink(new Destination.Slack("chat")), loud);

                assertThat(receipt).isInstanceOf(Receipt.Delivered.class);
                assertThat(receipt.detail()).doesNotContain("hidden");
                HookServer.Got got = hook.got().next();
                assertThat(got.path()).isEqualTo("/services/T0/hidden");
                assertThat(new ObjectMapper().readTree(got.body()).path("text").asText())
                        .contains("sink.tested", "&lt;!channel&gt;")
                        .doesNotContain("<");
            }
        }
    }

    @Test
    void a_mail_is_one_message_with_the_id_of_the_news() throws Exception {
        GreenMail server = mailServer();
        try (Couriers couriers = couriers(origin(server))) {
            server.setUser("sluice", "right");

            Receipt receipt = couriers.send(sink(mail(server, Security.NONE, "password")), news);

            assertThat(receipt).as(receipt.detail()).isInstanceOf(Receipt.Delivered.class);
            MimeMessage[] messages = server.getReceivedMessages();
            assertThat(messages).hasSize(2);
            assertThat(messages[0].getMessageID()).isEqualTo("<test-1@sluice>");
            assertThat(messages[0].getSubject()).startsWith("[sluice] INFO a test of sinks/s");
            assertThat(messages[0].getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(messages[0].getContent().toString()).contains("kind:     sink.tested");
            assertThat(messages[0].getAllRecipients()).hasSize(2);
        } finally {
            server.stop();
        }
    }

    @Test
    void a_wrong_password_a_missing_one_and_a_server_without_tls_fail_and_tell_no_secret() {
        GreenMail server = mailServer();
        try (Couriers couriers = couriers(origin(server))) {
            server.setUser("sluice", "right");

            Receipt wrong = couriers.send(sink(mail(server, Security.NONE, "other")), news);
            Receipt missing = couriers.send(sink(mail(server, Security.NONE, "none")), news);
            Receipt plain = couriers.send(sink(mail(server, Security.STARTTLS, "password")), news);

            assertThat(List.of(wrong, missing, plain))
                    .allSatisfy(it -> assertThat(it).isInstanceOf(Receipt.Failed.class));
            assertThat(wrong.detail()).contains("535").doesNotContain("wrong");
            assertThat(missing.detail()).contains("no secret none");
            assertThat(plain.detail()).contains("STARTTLS");
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void a_mail_and_its_password_go_over_tls_to_a_server_that_proves_its_name() throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        try (var server = new StartTlsServer(certificates.issue("mail", "127.0.0.1"));
                Couriers couriers =
                        couriers(server.origin(), Trust.of(certificates.authorityFile()))) {
            Receipt receipt =
                    couriers.send(
                            sink(mail("127.0.0.1", server.port(), Security.STARTTLS, "password")),
                            news);

            assertThat(receipt).as(receipt.detail()).isInstanceOf(Receipt.Delivered.class);
            assertThat(server.inTheClear().received()).containsExactly("EHLO", "STARTTLS");
            assertThat(server.overTls().received())
                    .containsExactly("EHLO", "AUTH", "MAIL", "RCPT", "RCPT", "DATA");
        }
    }

    @Test
    void a_server_that_cannot_prove_its_name_hears_no_password() throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        try (var server = new StartTlsServer(certificates.issue("mail", "mail.example.com"));
                Couriers couriers =
                        couriers(server.origin(), Trust.of(certificates.authorityFile()))) {
            Receipt receipt =
                    couriers.send(
                            sink(mail("127.0.0.1", server.port(), Security.STARTTLS, "password")),
                            news);

            assertThat(receipt).isInstanceOf(Receipt.Failed.class);
            assertThat(server.overTls().received()).doesNotContain("AUTH", "MAIL");
        }
    }

    private Couriers couriers(String origin) {
        return couriers(origin, Trust.ofSystem());
    }

    private Couriers couriers(String origin, Trust trust) {
        return new Couriers(
                Origins.parse("--allow", List.of(origin)).orThrow(),
                SECRETS,
                trust,
                "urn:test",
                clock);
    }

    private static GreenMail mailServer() {
        var server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return server;
    }

    private static String origin(GreenMail server) {
        return "smtp://127.0.0.1:" + server.getSmtp().getPort();
    }

    private static Destination webhook(String origin) {
        return new Destination.Webhook(
                origin + "/in", Mode.BINARY, Optional.empty(), Optional.empty());
    }

    private static Destination mail(GreenMail server, Security security, String secret) {
        return mail("127.0.0.1", server.getSmtp().getPort(), security, secret);
    }

    private static Destination mail(String host, int port, Security security, String secret) {
        return new Destination.Mail(
                host,
                port,
                security,
                "Sluice <sluice@example.com>",
                List.of("ada@example.com", "bob@example.com"),
                Optional.of(new Login("sluice", secret)));
    }

    private static SinkSpec sink(Destination destination) {
        return new SinkSpec(
                new SinkName("s"),
                Description.NONE,
                destination,
                new Selector(List.of(), List.of(), Severity.INFO));
    }
}
