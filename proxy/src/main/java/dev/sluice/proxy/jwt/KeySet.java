package dev.sluice.proxy.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Public keys of a provider (RFC 7517). Immutable. */
public final class KeySet {
    private static final DefaultJWSVerifierFactory VERIFIERS = new DefaultJWSVerifierFactory();

    private final List<Candidate> keys;

    /** One key in the form that its verifier takes. */
    private record Candidate(JWK key, Key material) {}

    private KeySet(List<Candidate> keys) {
        this.keys = keys;
    }

    /** No key set: why, in one line. */
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String what;

        MalformedException(String what) {
            super(what);
            this.what = what;
        }

        /** What there is instead of a key set. */
        public String what() {
            return what;
        }
    }

    /**
     * Reads a JSON Web Key Set. Keys of unknown types and curves are left out, as RFC 7517 section
     * 5 asks.
     *
     * @throws MalformedException when it is none, or holds no key that verifies signatures
     */
    public static KeySet parse(String json) throws MalformedException {
        List<Candidate> keys = new ArrayList<>();
        try {
            for (JWK key : JWKSet.parse(json).getKeys()) {
                material(key).ifPresent(found -> keys.add(new Candidate(key, found)));
            }
        } catch (ParseException malformed) {
            throw new MalformedException("text that is no key set");
        }
        if (keys.isEmpty()) {
            throw new MalformedException("a key set without a key that verifies signatures");
        }
        return new KeySet(List.copyOf(keys));
    }

    private static Optional<Key> material(JWK key) {
        try {
            return switch (key) {
                case RSAKey rsa -> Optional.of(rsa.toRSAPublicKey());
                case ECKey curve -> Optional.of(curve.toECPublicKey());
                case OctetSequenceKey secret -> Optional.of(secret.toSecretKey());
                case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
                        Optional.of(edwards(pair.getDecodedX()));
                default -> Optional.empty();
            };
        } catch (JOSEException | GeneralSecurityException unusable) {
            return Optional.empty();
        }
    }

    /** A point of RFC 8032 section 5.1.2: y, little-endian, with the sign of x as highest bit. */
    private static PublicKey edwards(byte[] encoded) throws GeneralSecurityException {
        byte[] y = new byte[encoded.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = encoded[encoded.length - 1 - i];
        }
        boolean odd = y.length > 0 && (y[0] & 0x80) != 0;
        if (odd) {
            y[0] &= 0x7f;
        }
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(
                                NamedParameterSpec.ED25519,
                                new EdECPoint(odd, new BigInteger(1, y))));
    }

    /** Why none of these keys made this signature; empty when one did. */
    Optional<TokenFault> check(SignedJWT token) {
        JWSHeader header = token.getHeader();
        TokenFault fault = TokenFault.UNKNOWN_KEY;
        for (Candidate candidate : keys) {
            if (mayHaveSigned(candidate.key(), header)) {
                fault = TokenFault.WRONG_SIGNATURE;
                if (hasSigned(candidate, token)) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(fault);
    }

    /** The algorithm is the key's, never the token's alone: RFC 8725 section 3.1. */
    private static boolean mayHaveSigned(JWK key, JWSHeader header) {
        boolean named =
                key.getKeyID() == null
                        || header.getKeyID() == null
                        || key.getKeyID().equals(header.getKeyID());
        boolean meant =
                key.getAlgorithm() == null || key.getAlgorithm().equals(header.getAlgorithm());
        return named && meant && Algorithms.fit(key, header.getAlgorithm());
    }

    private static boolean hasSigned(Candidate candidate, SignedJWT token) {
        try {
            if (candidate.key() instanceof OctetKeyPair) {
                return token.getHeader().getCriticalParams() == null
                        && hasSignedByEdwards((PublicKey) candidate.material(), token);
            }
            JWSVerifier verifier =
                    VERIFIERS.createJWSVerifier(token.getHeader(), candidate.material());
            return token.verify(verifier);
        } catch (JOSEException | GeneralSecurityException unverifiable) {
            return false;
        }
    }

    private static boolean hasSignedByEdwards(PublicKey key, SignedJWT token)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(token.getSigningInput());
        return signature.verify(token.getSignature().decode());
    }
}
