//! What the service answers beyond the envelope (§2.2). Most answers are [`Nothing`].

use alloc::string::String;
use alloc::vec::Vec;

use super::PlayerSession;
use super::dialect::wire;

wire! {
    /// An answer without fields of its own.
    Nothing {}
}

wire! {
    /// The answer to DescribePlayerSessions.
    PlayerSessions {
        /// Present when there is more.
        next_token: String = "NextToken" Omit,
        /// The player sessions.
        player_sessions: Vec<PlayerSession> = "PlayerSessions" Always,
    }
}

wire! {
    /// The answer to StartMatchBackfill.
    BackfillTicket {
        /// The ticket's id, the process's own or one that the service made.
        ticket_id: String = "TicketId" Always,
    }
}

wire! {
    /// The answer to GetComputeCertificate.
    ComputeCertificate {
        /// Empty when the compute has no certificate.
        certificate_path: String = "CertificatePath" Always,
        /// The compute's name.
        compute_name: String = "ComputeName" Always,
    }
}

wire! {
    /// The answer to GetFleetRoleCredentials. An empty `AccessKeyId` means "not a managed fleet"; the SDK stops asking then.
    FleetRoleCredentials {
        /// The ARN of the assumed role.
        assumed_role_user_arn: String = "AssumedRoleUserArn" Always,
        /// Its id.
        assumed_role_id: String = "AssumedRoleId" Always,
        /// The access key.
        access_key_id: String = "AccessKeyId" Always,
        /// The secret.
        secret_access_key: String = "SecretAccessKey" Always,
        /// The session's token.
        session_token: String = "SessionToken" Always,
        /// Milliseconds since 1970.
        expiration: i64 = "Expiration" Always,
    }
}
