// SPDX-License-Identifier: Apache-2.0

// One import is enough for a host program.
@_exported public import AgentCore
@_exported public import ChatCompletions
@_exported public import Evaluation
@_exported public import Guardrails
@_exported public import HTTPCore
@_exported public import HTTPTransports
@_exported public import JSONCore
@_exported public import JSONSchemaCore
@_exported public import JSONSchemaTypes
@_exported public import LocalModels
@_exported public import LuaAgents
@_exported public import LuaRuntime
@_exported public import MistralAPI
@_exported public import TrainingData
