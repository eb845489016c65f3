package dev.sluice.control.notify;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The courier of each kind of sink, and where they may go. Thread-safe. */
public final class Couriers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Couriers.class);

    private final Origins origins;
    private final Posting posting;
    private final WebhookCourier webhooks;
    private final SlackCourier chats;
    private final MailCourier mails;

    /**
     * @param source what this control plane is called in CloudEvents, a URI reference
     */
    public Couriers(
            Origins origins, Secrets secrets, Trust trust, String source, InstantSource clock) {
        this.origins = origins;
        this.posting = new Posting(origins, trust);
        this.webhooks = new WebhookCourier(posting, secrets, source, clock);
        this.chats = new SlackCourier(posting, secrets);
        this.mails = new MailCourier(origins, secrets, trust);
    }

    /** Why nothing can go to a sink as it is written; a URL that is a secret is not looked at. */
    public Optional<Problem> refusal(SinkSpec sink) {
        Optional<String> origin =
                switch (sink.destination()) {
                    case Destination.Webhook webhook ->
                            Origins.uri(webhook.url()).flatMap(Origins::of);
                    case Destination.Slack _ -> Optional.empty();
                    case Destination.Mail mail -> Optional.of(MailCourier.origin(mail));
                };
        return origin.filter(it -> !origins.allow(it)).map(it -> refusal(origins, it));
    }

    static Problem refusal(Origins origins, String origin) {
        return origins.refusal("destination", "--notify-allow", origin);
    }

    /** One attempt; blocks for some seconds at most. */
    Receipt send(SinkSpec to, News news) {
        try {
            return switch (to.destination()) {
                case Destination.Webhook webhook -> webhooks.send(webhook, news);
                case Destination.Slack slack -> chats.send(slack, news);
                case Destination.Mail mail -> mails.send(mail, news);
            };
        } catch (RuntimeException defect) {
            LOG.error("{} could not be told of {}", to.name(), news.id(), defect);
            return Receipt.Failed.of("a defect of this program: " + defect.getMessage());
        }
    }

    @Override
    public void close() {
        posting.close();
    }
}
