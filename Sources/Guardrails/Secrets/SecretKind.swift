// SPDX-License-Identifier: Apache-2.0

/// What ``SecretsGuardrail`` finds; the raw values are the names in scripts and in replaced text. Forms are those that the services
/// publish for scanners.
public enum SecretKind: String, Sendable, CaseIterable {
    /// `AKIA…`, `ASIA…`: the identifier, which names the secret one.
    case awsAccessKey = "aws_access_key"
    /// 40 characters that are named as one.
    case awsSecretKey = "aws_secret_key"
    case githubToken = "github_token"
    case gitlabToken = "gitlab_token"
    case slackToken = "slack_token"
    case slackWebhook = "slack_webhook"
    case stripeKey = "stripe_key"
    case googleAPIKey = "google_api_key"
    case googleOAuthToken = "google_oauth_token"
    case openAIKey = "openai_key"
    case anthropicKey = "anthropic_key"
    case huggingFaceToken = "huggingface_token"
    /// 32 letters and digits in a line that says Mistral before them.
    case mistralKey = "mistral_key"
    case groqKey = "groq_key"
    case npmToken = "npm_token"
    case pypiToken = "pypi_token"
    case sendGridKey = "sendgrid_key"
    /// In texts that say Twilio.
    case twilioKey = "twilio_key"
    case telegramToken = "telegram_token"
    case discordToken = "discord_token"
    case azureStorageKey = "azure_storage_key"
    case digitalOceanToken = "digitalocean_token"
    case dockerToken = "docker_token"
    case vaultToken = "vault_token"
    case shopifyToken = "shopify_token"
    case grafanaToken = "grafana_token"
    case linearKey = "linear_key"
    case databricksToken = "databricks_token"
    case ageKey = "age_key"
    /// Three parts of base64url, the first of which is a JSON object with `alg` (RFC 7519).
    case jwt
    /// A PEM block of a private key, all of it; of one that breaks off what there is.
    case privateKey = "private_key"
    /// The password of `scheme://user:password@host`.
    case urlPassword = "url_password"
    /// What is assigned to a name that ends in `password`, its like and their translations, unless it is a word, code or a placeholder.
    case password
    /// What is assigned to a name that ends in `api_key`, `secret`, `token` and their like.
    case apiKey = "api_key"
    /// Of `Authorization: Bearer`.
    case bearerToken = "bearer_token"
    /// Of `Authorization: Basic`.
    case basicAuth = "basic_auth"
}
