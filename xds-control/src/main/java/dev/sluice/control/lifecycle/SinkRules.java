package dev.sluice.control.lifecycle;

import dev.sluice.contract.Problem;
import dev.sluice.contract.SinkName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Sink;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Security;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decides about sinks. Immutable. */
record SinkRules(Catalog catalog, CommandContext context) {
    private static final int MOST_SINKS = 50;
    private static final int MOST_SELECTED = 64;
    private static final int MOST_RECEIVERS = 50;
    private static final int LONGEST = 256;
    private static final int LONGEST_URL = 2_048;
    private static final Pattern SECRET = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    Decision create(SinkSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.sink(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        } else if (catalog.sinks().size() >= MOST_SINKS) {
            refusals.precondition(
                    "name", MOST_SINKS + " sinks", "fewer than that", "delete one, or widen one");
        }
        check(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.SinkPut(spec)));
    }

    Decision update(SinkSpec spec) {
        Refusals refusals = new Refusals();
        Optional<Sink> present = refusals.require(catalog.sink(spec.name()), spec.name());
        present.ifPresent(sink -> refusals.checkEtag(sink, context));
        check(spec, refusals);
        boolean same = present.filter(sink -> sink.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : List.of(new Event.SinkPut(spec)));
    }

    Decision delete(SinkName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.sink(name), name)
                .ifPresent(sink -> refusals.checkEtag(sink, context));
        return refusals.orElse(() -> List.of(new Event.SinkDeleted(name)));
    }

    /** What is done already, or of a sink that is gone, is nothing new. */
    Decision advance(SinkName name, long through) {
        return new Decision.Change(
                isNews(name, through) ? List.of(new Event.SinkAdvanced(name, through)) : List.of());
    }

    Decision drop(SinkName name, long seq, String why) {
        return new Decision.Change(
                isNews(name, seq) ? List.of(new Event.SinkDropped(name, seq, why)) : List.of());
    }

    private boolean isNews(SinkName name, long seq) {
        return catalog.sink(name)
                .filter(sink -> sink.through() < seq && seq <= catalog.seq())
                .isPresent();
    }

    private static void check(SinkSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        ranges.number("selector.subjects", spec.selector().subjects().size(), 0, MOST_SELECTED);
        ranges.number("selector.kinds", spec.selector().kinds().size(), 0, MOST_SELECTED);
        spec.selector()
                .subjects()
                .forEach(subject -> ranges.text("selector.subjects", subject, 1, LONGEST));
        switch (spec.destination()) {
            case Destination.Webhook webhook -> {
                ranges.text("webhook.url", webhook.url(), 1, LONGEST_URL);
                webhook.signingSecret()
                        .ifPresent(name -> secret("webhook.signing_secret", name, refusals));
                webhook.bearerSecret()
                        .ifPresent(name -> secret("webhook.bearer_secret", name, refusals));
            }
            case Destination.Slack slack -> secret("slack.url_secret", slack.urlSecret(), refusals);
            case Destination.Mail mail -> mail(mail, refusals, ranges);
        }
    }

    private static void mail(Destination.Mail mail, Refusals refusals, Ranges ranges) {
        ranges.text("mail.host", mail.host(), 1, LONGEST);
        ranges.port("mail.port", mail.port());
        ranges.number("mail.to", mail.to().size(), 1, MOST_RECEIVERS);
        ranges.text("mail.from", mail.from(), 1, LONGEST);
        mail.to().forEach(address -> ranges.text("mail.to", address, 1, LONGEST));
        mail.login()
                .ifPresent(login -> {
                    ranges.text("mail.user", login.user(), 1, LONGEST);
                    secret("mail.password_secret", login.passwordSecret(), refusals);
                    if (mail.security() == Security.NONE) {
                        refusals.invalid(
                                "mail.security",
                                "NONE with a password",
                                "STARTTLS or TLS",
                                "let the server speak TLS, or leave user and password out");
                    }
                });
    }

    private static void secret(String path, String name, Refusals refusals) {
        if (!SECRET.matcher(name).matches()) {
            refusals.invalid(
                    path,
                    Problem.quote(name),
                    "the name of a secret: a-z, 0-9 and -, at most 63",
                    "give the secret itself to the control plane, and its name here");
        }
    }
}
