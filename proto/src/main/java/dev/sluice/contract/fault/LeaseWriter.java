package dev.sluice.contract.fault;

import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import dev.sluice.chaos.v1.CutBody;
import dev.sluice.chaos.v1.FaultEvidence;
import dev.sluice.chaos.v1.FaultReset;
import dev.sluice.chaos.v1.FaultSelection;
import dev.sluice.chaos.v1.FaultUnit;
import dev.sluice.chaos.v1.GrpcAbort;
import dev.sluice.contract.FaultName;
import dev.sluice.contract.match.MatcherWriter;

/**
 * Writes fault leases; what LeaseParser reads of one is equal. Words of enums have the same names
 * on the wire. Stateless.
 */
public final class LeaseWriter {
    private LeaseWriter() {}

    /** The lease as it was asked for, without what only a sidecar says. */
    public static dev.sluice.chaos.v1.FaultLease write(FaultLease lease) {
        return dev.sluice.chaos.v1.FaultLease.newBuilder()
                .setName(lease.name().map(FaultName::name).orElse(""))
                .setGate(lease.gate().name())
                .setArm(dev.sluice.gate.v1.Arm.valueOf(lease.arm().name()))
                .setSelection(selection(lease.selection()))
                .setFault(fault(lease.fault()))
                .setTtl(duration(lease.ttl()))
                .setBudget(lease.budget())
                .setSeed(lease.seed().orElse(0))
                .setEvidence(FaultEvidence.valueOf(lease.evidence().name()))
                .setReason(lease.reason())
                .build();
    }

    private static FaultSelection selection(Selection selection) {
        FaultSelection.Builder proto =
                FaultSelection.newBuilder()
                        .setSharePpm(selection.share().value())
                        .setUnit(FaultUnit.valueOf(selection.unit().name()));
        selection.operations().stream().sorted().forEach(proto::addOperations);
        selection.classes().stream()
                .sorted()
                .map(word -> dev.sluice.gate.v1.OperationClass.valueOf(word.name()))
                .forEach(proto::addOperationClasses);
        selection.headers().forEach(header -> proto.addHeaders(MatcherWriter.header(header)));
        selection.endpoints().stream().map(EndpointText::of).sorted().forEach(proto::addEndpoints);
        return proto.build();
    }

    private static dev.sluice.chaos.v1.Fault fault(Fault fault) {
        dev.sluice.chaos.v1.Fault.Builder proto = dev.sluice.chaos.v1.Fault.newBuilder();
        return switch (fault) {
            case Fault.Delay(var length) -> proto.setDelay(duration(length)).build();
            case Fault.HttpStatus(int status) -> proto.setHttpStatus(status).build();
            case Fault.GrpcStatus(int code, String message) ->
                    proto.setGrpcStatus(GrpcAbort.newBuilder().setCode(code).setMessage(message))
                            .build();
            case Fault.Reset(var point) -> proto.setReset(FaultReset.valueOf(point.name())).build();
            case Fault.Goaway() -> proto.setGoaway(Empty.getDefaultInstance()).build();
            case Fault.BodyRate(long rate) -> proto.setBodyBytesPerSecond(rate).build();
            case Fault.CorruptBody(int oneIn) -> proto.setCorruptOneInBytes(oneIn).build();
            case Fault.CutBody(long after) ->
                    proto.setCutBody(CutBody.newBuilder().setAfterBytes(after)).build();
            case Fault.SlowTrailers(var length) -> proto.setSlowTrailers(duration(length)).build();
            case Fault.WrongLength(int offBy) -> proto.setContentLengthOffBy(offBy).build();
            case Fault.MissingTrailers() ->
                    proto.setMissingTrailers(Empty.getDefaultInstance()).build();
        };
    }

    private static Duration duration(java.time.Duration length) {
        return Duration.newBuilder()
                .setSeconds(length.toSeconds())
                .setNanos(length.toNanosPart())
                .build();
    }
}
