package dev.sluice.control.admin.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import dev.sluice.admin.v1.CreateSinkRequest;
import dev.sluice.admin.v1.DeleteSinkRequest;
import dev.sluice.admin.v1.GetSinkRequest;
import dev.sluice.admin.v1.ListSinksRequest;
import dev.sluice.admin.v1.Severity;
import dev.sluice.admin.v1.Sink;
import dev.sluice.admin.v1.SinkServiceGrpc;
import dev.sluice.admin.v1.SinkServiceGrpc.SinkServiceBlockingStub;
import dev.sluice.admin.v1.TestSinkRequest;
import dev.sluice.admin.v1.UpdateSinkRequest;
import dev.sluice.control.admin.AdminPlane;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkApiIT {
    @TempDir private Path folder;
    private AdminPlane plane;
    private SinkServiceBlockingStub sinks;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        sinks = SinkServiceGrpc.newBlockingStub(plane.admin());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_sink_is_made_read_changed_listed_and_deleted() {
        Sink made = create("s", webhook("http://127.0.0.1:9/in"));

        assertThat(made.getSelector().getSeverity())
                .as("unless it says more")
                .isEqualTo(Severity.WARNING);
        assertThat(made.getWebhook().getMode()).isEqualTo(Sink.Webhook.Mode.STRUCTURED);
        Sink changed =
                sinks.updateSink(
                        UpdateSinkRequest.newBuilder()
                                .setSink(
                                        made.toBuilder()
                                                .setSelector(
                                                        Sink.Selector.newBuilder()
                                                                .setSeverity(Severity.CRITICAL)
                                                                .addKinds("ramp.*")))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("selector"))
                                .build());
        assertThat(changed.getEtag()).isNotEqualTo(made.getEtag());
        assertThat(get("s")).isEqualTo(changed);
        create("mail", Sink.newBuilder().setMail(mail()).build());
        assertThat(sinks.listSinks(ListSinksRequest.getDefaultInstance()).getSinksList())
                .extracting(Sink::getName)
                .containsExactly("sinks/mail", "sinks/s");
        assertThat(get("mail").getMail().getPort()).as("that of STARTTLS").isEqualTo(587);
        assertThatThrownBy(() -> delete("s", made.getEtag())).hasMessageContaining("ABORTED");
        delete("s", changed.getEtag());
        assertThatThrownBy(() -> get("s")).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void every_problem_of_a_sink_is_told() {
        Sink bad =
                Sink.newBuilder()
                        .setMail(
                                mail().toBuilder()
                                        .setSecurityValue(9)
                                        .setPasswordSecret("password"))
                        .setSelector(
                                Sink.Selector.newBuilder().addKinds("no.such").setSeverityValue(9))
                        .build();

        assertThat(violations(bad))
                .containsExactlyInAnyOrder(
                        "mail.security",
                        "mail.password_secret",
                        "selector.kinds[0]",
                        "selector.severity");
        assertThat(violations(webhook("ftp://user@127.0.0.1:9"))).containsExactly("webhook.url");
        assertThat(violations(Sink.getDefaultInstance())).containsExactly("destination");
        assertThat(violations(Sink.newBuilder().setSlack(Sink.Slack.getDefaultInstance()).build()))
                .containsExactly("slack.url_secret");
    }

    @Test
    void what_the_operator_does_not_allow_is_refused_with_what_is_allowed() {
        assertThat(refusal(webhook("http://169.254.169.254/latest/meta-data")).getDescription())
                .contains("http://169.254.169.254:80", "http://127.0.0.1:9", "--notify-allow");
    }

    @Test
    void a_test_of_a_dead_address_says_so() {
        create("s", webhook("http://127.0.0.1:9/in"));

        var answer = sinks.testSink(TestSinkRequest.newBuilder().setName("sinks/s").build());

        assertThat(answer.getDelivered()).isFalse();
        assertThat(answer.getDetail()).startsWith("http://127.0.0.1:9");
    }

    private Sink create(String id, Sink sink) {
        return sinks.createSink(CreateSinkRequest.newBuilder().setSinkId(id).setSink(sink).build());
    }

    private Sink get(String id) {
        return sinks.getSink(GetSinkRequest.newBuilder().setName("sinks/" + id).build());
    }

    private void delete(String id, String etag) {
        var unused =
                sinks.deleteSink(
                        DeleteSinkRequest.newBuilder()
                                .setName("sinks/" + id)
                                .setEtag(etag)
                                .build());
    }

    private FieldViolation refusal(Sink sink) {
        return badRequest(sink).getFieldViolations(0);
    }

    private List<String> violations(Sink sink) {
        return badRequest(sink).getFieldViolationsList().stream()
                .map(FieldViolation::getField)
                .toList();
    }

    private BadRequest badRequest(Sink sink) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> create("bad", sink));
        var status = Objects.requireNonNull(StatusProto.fromThrowable(refused));
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(BadRequest.class))
                .map(detail -> {
                    try {
                        return detail.unpack(BadRequest.class);
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .findFirst()
                .orElseThrow(() -> new AssertionError(refused));
    }

    private static Sink webhook(String url) {
        return Sink.newBuilder().setWebhook(Sink.Webhook.newBuilder().setUrl(url)).build();
    }

    private static Sink.Mail mail() {
        return Sink.Mail.newBuilder()
                .setHost("localhost")
                .setFrom("sluice@example.com")
                .addTo("ada@example.com")
                .build();
    }
}
