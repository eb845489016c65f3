package dev.sluice.contract.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.chaos.v1.CutBody;
import dev.sluice.chaos.v1.FaultEvidence;
import dev.sluice.chaos.v1.FaultReset;
import dev.sluice.chaos.v1.FaultSelection;
import dev.sluice.chaos.v1.FaultState;
import dev.sluice.chaos.v1.FaultUnit;
import dev.sluice.chaos.v1.GrpcAbort;
import dev.sluice.chaos.v1.RenewFaultLeaseRequest;
import dev.sluice.contract.FaultName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.OperationClass;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseParserTest {
    private static dev.sluice.chaos.v1.FaultLease.Builder lease() {
        return dev.sluice.chaos.v1.FaultLease.newBuilder()
                .setGate("gates/orders")
                .setArm(dev.sluice.gate.v1.Arm.NEW)
                .setFault(dev.sluice.chaos.v1.Fault.newBuilder().setHttpStatus(503))
                .setTtl(Duration.newBuilder().setSeconds(60))
                .setBudget(100);
    }

    @Test
    void a_short_lease_is_read_with_its_defaults() {
        FaultLease lease = LeaseParser.parse(lease().build()).orThrow();

        assertThat(lease)
                .isEqualTo(
                        new FaultLease(
                                Optional.empty(),
                                new GateName("orders"),
                                Arm.NEW,
                                Selection.ALL,
                                new Fault.HttpStatus(503),
                                java.time.Duration.ofMinutes(1),
                                100,
                                OptionalLong.empty(),
                                FaultLease.Evidence.COUNTED,
                                ""));
    }

    @Test
    void every_field_is_read() {
        FaultLease lease =
                LeaseParser.parse(
                                lease().setName("faults/slow")
                                        .setSeed(7)
                                        .setEvidence(FaultEvidence.EXCLUDED)
                                        .setReason("a drill")
                                        .setSelection(
                                                FaultSelection.newBuilder()
                                                        .addOperations("get")
                                                        .addOperationClasses(
                                                                dev.sluice.gate.v1.OperationClass
                                                                        .READ)
                                                        .addHeaders(
                                                                HeaderMatcher.newBuilder()
                                                                        .setName("X-Test")
                                                                        .setPresentMatch(true))
                                                        .setSharePpm(250_000)
                                                        .addEndpoints("[::1]:9001")
                                                        .addEndpoints("10.0.0.1:80")
                                                        .setUnit(FaultUnit.KEY))
                                        .build())
                        .orThrow();

        assertThat(LeaseParser.parse(LeaseWriter.write(lease)).orThrow())
                .as("written and read again")
                .isEqualTo(lease);
        assertThat(lease.name()).contains(new FaultName("slow"));
        assertThat(lease.seed()).hasValue(7);
        assertThat(lease.evidence()).isEqualTo(FaultLease.Evidence.EXCLUDED);
        assertThat(lease.reason()).isEqualTo("a drill");
        assertThat(lease.selection().operations()).containsExactly("get");
        assertThat(lease.selection().classes()).containsExactly(OperationClass.READ);
        assertThat(lease.selection().headers())
                .singleElement()
                .satisfies(header -> assertThat(header.name()).isEqualTo("x-test"));
        assertThat(lease.selection().share()).isEqualTo(new PartsPerMillion(250_000));
        assertThat(lease.selection().unit()).isEqualTo(Selection.Unit.KEY);
        assertThat(lease.selection().endpoints())
                .containsExactlyInAnyOrder(
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 9001),
                        new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80));
    }

    @TestFactory
    List<DynamicTest> every_kind_of_fault_is_read() {
        Map<Fault, UnaryOperator<dev.sluice.chaos.v1.Fault.Builder>> kinds = new LinkedHashMap<>();
        Duration second = Duration.newBuilder().setSeconds(1).build();
        java.time.Duration read = java.time.Duration.ofSeconds(1);
        kinds.put(new Fault.Delay(read), fault -> fault.setDelay(second));
        kinds.put(new Fault.HttpStatus(200), fault -> fault.setHttpStatus(200));
        kinds.put(
                new Fault.GrpcStatus(14, "gone"),
                fault ->
                        fault.setGrpcStatus(GrpcAbort.newBuilder().setCode(14).setMessage("gone")));
        kinds.put(
                new Fault.Reset(Fault.ResetPoint.CONNECT),
                fault -> fault.setReset(FaultReset.CONNECT));
        kinds.put(
                new Fault.Reset(Fault.ResetPoint.ANSWER),
                fault -> fault.setReset(FaultReset.ANSWER));
        kinds.put(new Fault.Goaway(), fault -> fault.setGoaway(Empty.getDefaultInstance()));
        kinds.put(new Fault.BodyRate(1 << 30), fault -> fault.setBodyBytesPerSecond(1 << 30));
        kinds.put(new Fault.CorruptBody(1), fault -> fault.setCorruptOneInBytes(1));
        kinds.put(new Fault.CutBody(0), fault -> fault.setCutBody(CutBody.newBuilder()));
        kinds.put(new Fault.SlowTrailers(read), fault -> fault.setSlowTrailers(second));
        kinds.put(new Fault.WrongLength(-3), fault -> fault.setContentLengthOffBy(-3));
        kinds.put(
                new Fault.MissingTrailers(),
                fault -> fault.setMissingTrailers(Empty.getDefaultInstance()));
        return kinds.entrySet().stream()
                .map(kind ->
                        DynamicTest.dynamicTest(
                                kind.getKey().toString(),
                                () -> {
                                    FaultLease lease =
                                            LeaseParser.parse(with(kind.getValue())).orThrow();
                                    assertThat(lease.fault()).isEqualTo(kind.getKey());
                                    assertThat(
                                                    LeaseParser.parse(LeaseWriter.write(lease))
                                                            .orThrow())
                                            .as("written and read again")
                                            .isEqualTo(lease);
                                }))
                .toList();
    }

    private static dev.sluice.chaos.v1.FaultLease with(
            UnaryOperator<dev.sluice.chaos.v1.Fault.Builder> kind) {
        return lease().setFault(kind.apply(dev.sluice.chaos.v1.Fault.newBuilder())).build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1",
                "orders:80",
                "::1:80",
                "[10.0.0.1:80",
                "10.0.0.256:80",
                "[1::2::3]:80",
                "10.0.0.1:0",
                "10.0.0.1:65536"
            })
    void what_is_no_endpoint_is_refused(String text) {
        assertThat(
                        paths(
                                lease().setSelection(
                                                FaultSelection.newBuilder()
                                                        .addEndpoints("10.0.0.1:1")
                                                        .addEndpoints(text))
                                        .build()))
                .containsExactly("selection.endpoints[1]");
    }

    @Test
    void a_renewal_says_how_long_the_lease_lasts_from_now() {
        RenewFaultLeaseRequest minute =
                RenewFaultLeaseRequest.newBuilder()
                        .setTtl(Duration.newBuilder().setSeconds(60))
                        .build();
        RenewFaultLeaseRequest day =
                RenewFaultLeaseRequest.newBuilder()
                        .setTtl(Duration.newBuilder().setSeconds(86_400))
                        .build();

        assertThat(LeaseParser.renewal(minute).orThrow())
                .isEqualTo(java.time.Duration.ofMinutes(1));
        assertThat(LeaseParser.renewal(day).problems())
                .extracting(Problem::path)
                .containsExactly("ttl");
        assertThat(LeaseParser.renewal(RenewFaultLeaseRequest.getDefaultInstance()).problems())
                .as("without ttl")
                .hasSize(1);
    }

    @Test
    void an_empty_lease_names_everything_that_is_required() {
        assertThat(paths(dev.sluice.chaos.v1.FaultLease.getDefaultInstance()))
                .containsExactly("gate", "arm", "fault", "ttl", "budget");
    }

    @Test
    void all_problems_are_told_at_once() {
        dev.sluice.chaos.v1.FaultLease wrong =
                lease().setName("lease/1")
                        .setTtl(Duration.newBuilder().setSeconds(3601))
                        .setBudget(1_000_001)
                        .setReason("r".repeat(1025))
                        .setEvidenceValue(9)
                        .setCreateTime(Timestamp.getDefaultInstance())
                        .setExpireTime(Timestamp.getDefaultInstance())
                        .setState(FaultState.ACTIVE)
                        .setMatched(1)
                        .setInjected(1)
                        .setSelection(
                                FaultSelection.newBuilder()
                                        .addOperations("")
                                        .addAllOperationClassesValue(List.of(1, 1, 77))
                                        .addHeaders(HeaderMatcher.getDefaultInstance())
                                        .setSharePpm(1_000_001)
                                        .setUnitValue(9))
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                99,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build())
                        .build();

        assertThat(paths(wrong))
                .containsExactlyInAnyOrder(
                        "",
                        "name",
                        "ttl",
                        "budget",
                        "reason",
                        "evidence",
                        "create_time",
                        "expire_time",
                        "state",
                        "matched",
                        "injected",
                        "selection.operations[0]",
                        "selection.operation_classes[1]",
                        "selection.operation_classes[2]",
                        "selection.headers[0].name",
                        "selection.share_ppm",
                        "selection.unit");
    }

    @TestFactory
    List<DynamicTest> values_out_of_range_are_refused_where_they_stand() {
        Map<String, UnaryOperator<dev.sluice.chaos.v1.Fault.Builder>> wrong = new LinkedHashMap<>();
        Duration zero = Duration.getDefaultInstance();
        wrong.put("fault.delay", fault -> fault.setDelay(zero));
        wrong.put("fault.http_status", fault -> fault.setHttpStatus(199));
        wrong.put(
                "fault.grpc_status.code",
                fault -> fault.setGrpcStatus(GrpcAbort.getDefaultInstance()));
        wrong.put("fault.reset", fault -> fault.setResetValue(3));
        wrong.put("fault.body_bytes_per_second", fault -> fault.setBodyBytesPerSecond(0));
        wrong.put("fault.corrupt_one_in_bytes", fault -> fault.setCorruptOneInBytes(0));
        wrong.put(
                "fault.cut_body.after_bytes",
                fault -> fault.setCutBody(CutBody.newBuilder().setAfterBytes(-1)));
        wrong.put("fault.slow_trailers", fault -> fault.setSlowTrailers(zero));
        wrong.put("fault.content_length_off_by", fault -> fault.setContentLengthOffBy(0));
        return wrong.entrySet().stream()
                .map(one ->
                        DynamicTest.dynamicTest(
                                one.getKey(),
                                () ->
                                        assertThat(paths(with(one.getValue())))
                                                .containsExactly(one.getKey())))
                .toList();
    }

    @Test
    void lists_that_are_too_long_are_refused() {
        FaultSelection.Builder selection = FaultSelection.newBuilder();
        selection.addAllOperations(Collections.nCopies(65, "get"));
        selection.addAllHeaders(
                Collections.nCopies(33, HeaderMatcher.newBuilder().setName("a").build()));

        assertThat(paths(lease().setSelection(selection).build()))
                .containsExactly("selection.operations", "selection.headers");
    }

    private static List<String> paths(dev.sluice.chaos.v1.FaultLease proto) {
        Parsed<FaultLease> parsed = LeaseParser.parse(proto);
        return parsed.problems().stream().map(Problem::path).toList();
    }
}
