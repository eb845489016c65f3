package dev.sluice.control.admin.notify;

import dev.sluice.admin.v1.Sink;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.SinkName;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Selector;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import dev.sluice.control.notify.SinkState;
import java.util.Optional;
import java.util.function.Function;

/**
 * Sinks on the wire. Immutable.
 *
 * @param states how the telling of a sink stands
 * @param refusals why nothing can go to a sink as it is written
 */
record SinkForm(
        Function<SinkName, Optional<SinkState>> states,
        Function<SinkSpec, Optional<Problem>> refusals)
        implements Form<Sink, SinkSpec, dev.sluice.control.catalog.Sink> {
    private static final String REST = "*";

    @Override
    public Sink write(dev.sluice.control.catalog.Sink sink, Catalog catalog) {
        SinkSpec spec = sink.spec();
        Sink.Builder message =
                Sink.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(sink.meta().etag())
                        .setCreateTime(Times.write(sink.meta().createTime()))
                        .setUpdateTime(Times.write(sink.meta().updateTime()))
                        .setDisplayName(spec.description().displayName())
                        .setOwner(spec.description().owner())
                        .putAllLabels(spec.description().labels())
                        .setSelector(
                                Sink.Selector.newBuilder()
                                        .addAllSubjects(spec.selector().subjects())
                                        .addAllKinds(spec.selector().kinds())
                                        .setSeverity(write(spec.selector().least())))
                        .setStatus(status(sink));
        switch (spec.destination()) {
            case Destination.Webhook webhook -> message.setWebhook(DestinationForm.write(webhook));
            case Destination.Slack slack ->
                    message.setSlack(Sink.Slack.newBuilder().setUrlSecret(slack.urlSecret()));
            case Destination.Mail mail -> message.setMail(DestinationForm.write(mail));
        }
        return message.build();
    }

    private Sink.Status status(dev.sluice.control.catalog.Sink sink) {
        Sink.Status.Builder status =
                Sink.Status.newBuilder()
                        .setThroughSequence(sink.through())
                        .setDropped(sink.dropped());
        states.apply(sink.name())
                .ifPresent(state -> {
                    status.setThroughSequence(state.through())
                            .setWaiting(state.waiting())
                            .setSent(state.sent())
                            .setFailures(state.failures())
                            .setLastFailure(state.failure().orElse(""));
                    state.lastSent().map(Times::write).ifPresent(status::setLastSentTime);
                    state.retry().map(Times::write).ifPresent(status::setRetryTime);
                });
        return status.build();
    }

    @Override
    public Optional<SinkSpec> read(Sink message, Problems at) {
        int before = at.count();
        Optional<SinkName> name = SinkName.parse(message.getName(), at.field("name"));
        Optional<Destination> destination = DestinationForm.read(message, at);
        Optional<Selector> selector = selector(message.getSelector(), at.field("selector"));
        if (at.count() > before) {
            return Optional.empty();
        }
        SinkSpec spec =
                new SinkSpec(
                        name.orElseThrow(),
                        new Description(
                                message.getDisplayName(),
                                message.getOwner(),
                                message.getLabelsMap()),
                        destination.orElseThrow(),
                        selector.orElseThrow());
        Optional<Problem> refusal = refusals.apply(spec);
        refusal.ifPresent(problem ->
                at.field(problem.path()).add(problem.got(), problem.expected(), problem.remedy()));
        return refusal.isPresent() ? Optional.empty() : Optional.of(spec);
    }

    private static Optional<Selector> selector(Sink.Selector message, Problems at) {
        for (int i = 0; i < message.getKindsCount(); i++) {
            String kind = message.getKinds(i);
            if (EventCodec.kinds().stream().noneMatch(known -> fits(kind, known))) {
                at.field("kinds")
                        .index(i)
                        .add(
                                Problem.quote(kind),
                                "one of " + String.join(", ", EventCodec.kinds()),
                                "correct it, end it in * for several, or leave it out for all");
            }
        }
        Optional<Severity> least =
                switch (message.getSeverity()) {
                    case SEVERITY_UNSPECIFIED, WARNING -> Optional.of(Severity.WARNING);
                    case INFO -> Optional.of(Severity.INFO);
                    case CRITICAL -> Optional.of(Severity.CRITICAL);
                    case UNRECOGNIZED -> {
                        at.field("severity")
                                .add(
                                        Integer.toString(message.getSeverityValue()),
                                        "INFO, WARNING or CRITICAL",
                                        "choose one, or none for WARNING");
                        yield Optional.empty();
                    }
                };
        return least.map(severity ->
                new Selector(message.getSubjectsList(), message.getKindsList(), severity));
    }

    private static boolean fits(String wanted, String known) {
        return wanted.endsWith(REST)
                ? known.startsWith(wanted.substring(0, wanted.length() - REST.length()))
                : known.equals(wanted);
    }

    private static dev.sluice.admin.v1.Severity write(Severity severity) {
        return switch (severity) {
            case INFO -> dev.sluice.admin.v1.Severity.INFO;
            case WARNING -> dev.sluice.admin.v1.Severity.WARNING;
            case CRITICAL -> dev.sluice.admin.v1.Severity.CRITICAL;
        };
    }
}
