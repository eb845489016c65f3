package dev.sluice.control.notify;

import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Login;
import dev.sluice.control.change.spec.SinkSpec.Security;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import jakarta.mail.Authenticator;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * Tells people by mail. The id of the news is the message's own, so that a repetition is known by
 * it. Thread-safe.
 */
record MailCourier(Origins origins, Secrets secrets, Trust trust)
        implements Courier<Destination.Mail> {
    private static final String LONGEST = Long.toString(Duration.ofSeconds(10).toMillis());
    private static final int LONGEST_SUBJECT = 160;

    @Override
    public Receipt send(Destination.Mail mail, News news) {
        String origin = origin(mail);
        if (!origins.allow(origin)) {
            return Receipt.Failed.of(Couriers.refusal(origins, origin).toString());
        }
        Optional<String> password = mail.login().map(Login::passwordSecret).flatMap(secrets::find);
        if (mail.login().isPresent() && password.isEmpty()) {
            return WebhookCourier.missing(mail.login().get().passwordSecret());
        }
        try {
            Transport.send(message(session(mail, password), mail, news));
            return new Receipt.Delivered(origin + " took it");
        } catch (AddressException e) {
            return new Receipt.Refused("an address is none: " + e.getMessage());
        } catch (MessagingException e) {
            return Receipt.Failed.of(origin + ": " + innermost(e).getMessage());
        }
    }

    /** Where a mail goes first, in the words of the operator. */
    static String origin(Destination.Mail mail) {
        return "smtp://" + mail.host().toLowerCase(Locale.ROOT) + ":" + mail.port();
    }

    private Session session(Destination.Mail mail, Optional<String> password) {
        String protocol = mail.security() == Security.TLS ? "smtps" : "smtp";
        String prefix = "mail." + protocol + ".";
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", protocol);
        properties.setProperty("mail.transport.protocol.rfc822", protocol);
        properties.setProperty(prefix + "host", mail.host());
        properties.setProperty(prefix + "port", Integer.toString(mail.port()));
        properties.setProperty(prefix + "connectiontimeout", LONGEST);
        properties.setProperty(prefix + "timeout", LONGEST);
        properties.setProperty(prefix + "writetimeout", LONGEST);
        properties.put(prefix + "ssl.socketFactory", trust.tls().getSocketFactory());
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        boolean upgrades = mail.security() == Security.STARTTLS;
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(upgrades));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(upgrades));
        properties.setProperty(prefix + "auth", Boolean.toString(mail.login().isPresent()));
        return Session.getInstance(
                properties,
                new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        return new PasswordAuthentication(
                                mail.login().map(Login::user).orElse(""), password.orElse(""));
                    }
                });
    }

    private static MimeMessage message(Session session, Destination.Mail mail, News news)
            throws MessagingException {
        MimeMessage message = new Named(session, news.id());
        message.setFrom(new InternetAddress(mail.from(), /* strict= */ true));
        for (String address : mail.to()) {
            message.addRecipient(
                    RecipientType.TO, new InternetAddress(address, /* strict= */ true));
        }
        message.setSubject(subject(news), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(news.time()));
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834
        message.setText(body(news), StandardCharsets.UTF_8.name());
        message.saveChanges();
        return message;
    }

    private static String subject(News news) {
        String text = "[sluice] " + news.severity() + " " + news.text().replaceAll("\\s+", " ");
        return text.length() <= LONGEST_SUBJECT ? text : text.substring(0, LONGEST_SUBJECT) + "…";
    }

    private static String body(News news) {
        return """
        %s

        kind:     %s
        subject:  %s
        severity: %s
        time:     %s
        event:    %s

        %s
        """
                .formatted(
                        news.text(),
                        news.kind(),
                        news.subject(),
                        news.severity(),
                        news.time(),
                        news.id(),
                        news.data().toPrettyString());
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** A message with an id of ours. */
    private static final class Named extends MimeMessage {
        private final String id;

        Named(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + id + "@sluice>");
        }
    }
}
