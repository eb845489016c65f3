package dev.sluice.control.admin.notify;

import dev.sluice.admin.v1.Sink;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Login;
import dev.sluice.control.change.spec.SinkSpec.Mode;
import dev.sluice.control.change.spec.SinkSpec.Security;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/** Where sinks send to, on the wire. Stateless. */
final class DestinationForm {
    private static final int STARTTLS_PORT = 587;
    private static final int TLS_PORT = 465;
    private static final int PLAIN_PORT = 25;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private DestinationForm() {}

    static Optional<Destination> read(Sink message, Problems at) {
        return switch (message.getDestinationCase()) {
            case WEBHOOK -> webhook(message.getWebhook(), at.field("webhook"));
            case SLACK -> Optional.of(new Destination.Slack(message.getSlack().getUrlSecret()));
            case MAIL -> mail(message.getMail(), at.field("mail"));
            case DESTINATION_NOT_SET -> {
                at.field("destination")
                        .add("none", "webhook, slack or mail", "say where notifications go");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Destination> webhook(Sink.Webhook message, Problems at) {
        int before = at.count();
        if (!isUrl(message.getUrl())) {
            at.field("url")
                    .add(
                            Problem.quote(message.getUrl()),
                            "http:// or https://, a host, no user and no fragment",
                            "correct it; secrets go into signing_secret or bearer_secret");
        }
        Optional<Mode> mode =
                switch (message.getMode()) {
                    case MODE_UNSPECIFIED, STRUCTURED -> Optional.of(Mode.STRUCTURED);
                    case BINARY -> Optional.of(Mode.BINARY);
                    case UNRECOGNIZED -> Optional.empty();
                };
        if (mode.isEmpty()) {
            at.field("mode")
                    .add(
                            Integer.toString(message.getModeValue()),
                            "STRUCTURED or BINARY",
                            "choose one, or none for STRUCTURED");
        }
        return at.count() > before
                ? Optional.empty()
                : mode.map(it ->
                        new Destination.Webhook(
                                message.getUrl(),
                                it,
                                given(message.getSigningSecret()),
                                given(message.getBearerSecret())));
    }

    private static boolean isUrl(String text) {
        try {
            URI url = new URI(text);
            return url.getScheme() != null
                    && SCHEMES.contains(url.getScheme())
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static Optional<Destination> mail(Sink.Mail message, Problems at) {
        int before = at.count();
        Optional<Security> security =
                switch (message.getSecurity()) {
                    case SECURITY_UNSPECIFIED, STARTTLS -> Optional.of(Security.STARTTLS);
                    case TLS -> Optional.of(Security.TLS);
                    case NONE -> Optional.of(Security.NONE);
                    case UNRECOGNIZED -> Optional.empty();
                };
        if (security.isEmpty()) {
            at.field("security")
                    .add(
                            Integer.toString(message.getSecurityValue()),
                            "STARTTLS, TLS or NONE",
                            "choose one, or none for STARTTLS");
        }
        if (message.getUser().isEmpty() != message.getPasswordSecret().isEmpty()) {
            at.field("password_secret")
                    .add(
                            message.getUser().isEmpty() ? "a password alone" : "a user alone",
                            "both or neither",
                            "give user and password_secret, or leave both out");
        }
        int port =
                Unsigned.orDefault(
                        message.getPort(),
                        security.map(DestinationForm::port).orElse(PLAIN_PORT),
                        at.field("port"));
        Optional<Login> login =
                given(message.getUser()).map(user -> new Login(user, message.getPasswordSecret()));
        return at.count() > before
                ? Optional.empty()
                : security.map(it ->
                        new Destination.Mail(
                                message.getHost(),
                                port,
                                it,
                                message.getFrom(),
                                message.getToList(),
                                login));
    }

    private static int port(Security security) {
        return switch (security) {
            case STARTTLS -> STARTTLS_PORT;
            case TLS -> TLS_PORT;
            case NONE -> PLAIN_PORT;
        };
    }

    static Sink.Webhook write(Destination.Webhook webhook) {
        return Sink.Webhook.newBuilder()
                .setUrl(webhook.url())
                .setMode(
                        switch (webhook.mode()) {
                            case STRUCTURED -> Sink.Webhook.Mode.STRUCTURED;
                            case BINARY -> Sink.Webhook.Mode.BINARY;
                        })
                .setSigningSecret(webhook.signingSecret().orElse(""))
                .setBearerSecret(webhook.bearerSecret().orElse(""))
                .build();
    }

    static Sink.Mail write(Destination.Mail mail) {
        return Sink.Mail.newBuilder()
                .setHost(mail.host())
                .setPort(mail.port())
                .setSecurity(
                        switch (mail.security()) {
                            case STARTTLS -> Sink.Mail.Security.STARTTLS;
                            case TLS -> Sink.Mail.Security.TLS;
                            case NONE -> Sink.Mail.Security.NONE;
                        })
                .setFrom(mail.from())
                .addAllTo(mail.to())
                .setUser(mail.login().map(Login::user).orElse(""))
                .setPasswordSecret(mail.login().map(Login::passwordSecret).orElse(""))
                .build();
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
