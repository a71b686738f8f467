// Made by `node tests/clients/console-types.mjs` from the OpenAPI document. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Whether somebody answers.
         * @enum {string}
         */
        Action: "answer" | "disconnect";
        /**
         * @description An organization's key, or a user.
         * @enum {string}
         */
        ActorKind: "key" | "user";
        /** @description An agent in an answer. */
        Agent: {
            /**
             * Format: uuid
             * @description The id by which plans name the agent.
             */
            id: string;
            /** @description The name that people see. */
            name: string;
            /** @description What people say that it is for. */
            description: string | null;
            /** @description Whether calls may go to it. */
            active: boolean;
            /** @description Data that clients keep with it. */
            metadata: Record<string, unknown> | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the agent was last changed. Changing a version does not count.
             */
            updated_at: string;
        };
        /** @description The fields to change. */
        AgentChange: {
            /** @description The name that people see. */
            name?: string;
            /** @description What people say that it is for. */
            description?: string | null;
            /** @description Whether calls may go to it. */
            active?: boolean;
            /** @description Data that clients keep with it. */
            metadata?: Record<string, unknown> | null;
        };
        /** @description A version in an answer. */
        AgentVersion: {
            /**
             * Format: uuid
             * @description Its id, which the numbers that it is assigned to name.
             */
            id: string;
            /**
             * Format: uuid
             * @description The agent's id.
             */
            agent_id: string;
            /**
             * Format: int32
             * @description Its number: 1, 2, …
             */
            version: number;
            /** @description The configuration of the agent. */
            config: Record<string, unknown> | null;
            /**
             * Format: date-time
             * @description When it was published; null for a draft.
             */
            published_at: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
        };
        /** @description A key in an answer, without its secret. */
        ApiKey: {
            /**
             * Format: uuid
             * @description The part of the token between `ak_` and the dot.
             */
            id: string;
            /** @description The name that people see. */
            name: string;
            /** @description The scopes of the key. */
            scopes: components["schemas"]["Scope"][];
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it expires; null if it never does.
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description When it was revoked; null if it is not.
             */
            revoked_at: string | null;
            created_by: null | components["schemas"]["KeyMaker"];
            /** @description From where it may be used, in CIDR notation; empty if from everywhere. */
            address_ranges: string[];
            /**
             * Format: date-time
             * @description Until when the token before the last rotation is valid; null if it is not.
             */
            previous_token_until: string | null;
            /**
             * Format: date-time
             * @description When it was last used, to the second; null if it never was.
             */
            last_used_at: string | null;
            /** @description The client's address at its last use, of IPv6 the /64; null if that is not known. */
            last_used_from: string | null;
            /**
             * @description The keys that were made with it, and those made with these, as long as they are not revoked:
             *     the nearest first, at most 100. They are revoked along with it.
             */
            descendants: string[];
            /** @description Whether there are more descendants. */
            has_more_descendants: boolean;
        };
        /** @description The fields of a new key. */
        ApiKeyRequest: {
            /** @description The name that people see. */
            name: string;
            /** @description The scopes of the key; no more than the maker's own. */
            scopes: components["schemas"]["Scope"][];
            /**
             * Format: date-time
             * @description When it expires: no later than the maker's key, which is the default.
             */
            expires_at?: string | null;
            /**
             * @description From where it may be used: addresses and ranges in CIDR notation, within those of the
             *     maker's key, which are the default.
             */
            address_ranges?: string[] | null;
        };
        /** @description Who did something. */
        AuditActor: {
            /** @description What did it. */
            kind: components["schemas"]["AuditActorKind"];
            /** @description The id of the key or the user; the number of the system's user for the command line. */
            id: string | null;
        };
        /**
         * @description Who did it; of a refused token that is unknown.
         * @enum {string}
         */
        AuditActorKind: "key" | "user" | "command_line" | "unknown";
        /** @description An event of the audit trail. */
        AuditEvent: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description What was done. */
            kind: components["schemas"]["AuditKind"];
            /** @description Who did it. */
            actor: components["schemas"]["AuditActor"];
            /**
             * Format: uuid
             * @description The key of the request.
             */
            key_id: string | null;
            /** @description The object: its id, its name or its number. */
            subject: string;
            /** @description The client's address. */
            from: string | null;
            /**
             * Format: int32
             * @description How often it happened; more than 1 only for refused tokens.
             */
            count: number;
            /** @description What the object was before, without large and secret parts. */
            before: Record<string, unknown> | null;
            /** @description What it was afterwards. */
            after: Record<string, unknown> | null;
        };
        /**
         * @description What was done.
         * @enum {string}
         */
        AuditKind: "config.created" | "config.updated" | "config.restored" | "config.deleted" | "switch.set" | "agent.created" | "agent.updated" | "agent.deleted" | "agent_version.created" | "agent_version.published" | "phone_number.registered" | "phone_number.assigned" | "phone_number.unassigned" | "phone_number.moved" | "phone_number.deleted" | "api_key.created" | "api_key.rotated" | "api_key.revoked" | "organization.created" | "organization.deleted" | "organization.limited" | "organization.retention" | "user.created" | "user.deleted" | "membership.begun" | "membership.ended" | "calls.erased" | "sign_in" | "sign_in.refused";
        /** @description The answer to a call. */
        CallAnswer: components["schemas"]["Decision"] & {
            /**
             * Format: uuid
             * @description The call's id, which finds it in the log.
             */
            id: string;
        };
        /** @description A set of calls. A null field stands for all values. */
        CallSet: {
            /** @description In words. */
            text: string;
            callers: null | components["schemas"]["NumberSet"];
            dialed: null | components["schemas"]["NumberSet"];
            trunk: null | components["schemas"]["TextSet"];
            organization: null | components["schemas"]["TextSet"];
            caller_asserted: null | components["schemas"]["NumberSet"];
            diverted_from: null | components["schemas"]["NumberSet"];
            /** @description How far the callers' numbers are vouched for; empty is in any way. */
            attestations: string[];
            caller_name: null | components["schemas"]["TextSet"];
            /** @description Which attributes they have, by the plan's names; others may be any. */
            attributes: {
                [key: string]: components["schemas"]["TextSet"];
            };
            /** @description Switches that are on or off; others are either. */
            switches: {
                [key: string]: boolean;
            };
            /** @description When, in words. */
            hours: string | null;
            when: null | components["schemas"]["RecurringTimes"];
            /** @description The percent of callers of each split. */
            splits: {
                [key: string]: number;
            };
        };
        /**
         * @description A call of the log with the switches that were on; all others were off. `simulate` accepts it in
         *     this form.
         */
        CallWithSwitches: {
            /** @description Who called. */
            caller_number: string | null;
            /** @description Which number was dialed. */
            called_number: string;
            /** @description On which trunk. */
            trunk_id: string | null;
            /** @description Which name the caller shows. */
            caller_name: string | null;
            /** @description The number that the caller's carrier asserts. */
            caller_asserted: string | null;
            /** @description Who sent the call on. */
            diverted_from: string | null;
            /** @description How far the caller's number is vouched for. */
            attestation: string | null;
            /** @description What else the call brings, by name. */
            attributes: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When.
             */
            timestamp: string;
            /** @description The switches that were on. */
            switches: string[];
        };
        /** @description The outcome of a share of the calls. */
        Chance: components["schemas"]["Ending"] & {
            /**
             * Format: double
             * @description The share, in percent.
             */
            percent: number;
        };
        /**
         * @description Whether who answers changes, or only what they get.
         * @enum {string}
         */
        ChangeKind: "decision" | "details";
        /** @description A call that is decided differently. */
        ChangedCall: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was decided, by the server's clock.
             */
            created_at: string;
            /** @description The call with its switches, in the form that `simulate` accepts. */
            call: components["schemas"]["CallWithSwitches"];
            /** @description The decision before the change. */
            before: components["schemas"]["Decision"];
            /** @description The decision after the change. */
            after: components["schemas"]["Decision"];
        };
        /** @description The result of a check. */
        Checked: {
            /** @description Whether the plan would be accepted. */
            ok: boolean;
            /** @description All problems, in the order of the text. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description The number of further problems that did not fit into the answer. */
            more: number;
            /** @description The same problems, as the command line prints them. */
            rendered: string;
        };
        /**
         * @description What can be written.
         * @enum {string}
         */
        CompletionKind: "keyword" | "field" | "column" | "agent" | "list" | "table" | "schedule" | "rotation" | "switch" | "attribute" | "condition" | "days" | "zone" | "value" | "snippet";
        /** @description What can be written at a place. */
        Completions: components["schemas"]["RangeInPlan"] & {
            /** @description At most 200, the likeliest first. */
            items: components["schemas"]["Item"][];
        };
        /** @description The fields to change. */
        ConfigChange: {
            /** @description A call plan. */
            workflow_definition?: string;
            /**
             * Format: uuid
             * @description The agent that answers where the plan does not; null clears its version too.
             */
            fallback_agent_id?: string | null;
            /**
             * Format: int32
             * @description Its version; null is the newest published. Needs a `fallback_agent_id`.
             */
            fallback_agent_version?: number | null;
            /** @description Whether the plan is run. */
            enabled?: boolean;
        };
        /** @description Days by the rule that makes them. What the kind does not need is left out. */
        DaysByRule: {
            /** @description `weekdays`, `each_year`, `counted`, `every_weeks`, `named` or `dates`. */
            kind: string;
            /** @description Days of the week, such as `mon`. */
            weekdays?: string[];
            /** @description The first and the last day: `12-07` of a year, or dates. */
            span?: string[];
            /** @description Single days: `12-25` of a year, or dates. */
            days?: string[];
            /** @description Which of the weekdays of a month: `first` to `fifth`, or `last`. */
            which?: string;
            /** @description The months in which weekdays are counted, such as `jan`. */
            months?: string[];
            /**
             * Format: int32
             * @description Each so many weeks.
             */
            weeks?: number;
            /** @description A day of one of these weeks. */
            week_of?: string;
            /** @description A set of days of the plan. */
            name?: string;
        };
        /** @description A decided call. */
        DecidedCall: {
            /**
             * Format: uuid
             * @description The id of the answer.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was decided, by the server's clock.
             */
            created_at: string;
            /** @description The call as it came, or with masked numbers. */
            call: components["schemas"]["LoggedCall"];
            /** @description The answer, without the id. */
            decision: components["schemas"]["Decision"];
            /** @description The switches that were on. */
            switches: string[];
            /** @description The release of callplan that decided. */
            release: string;
        };
        /** @description What happens to a call. */
        Decision: {
            /** @description Whether an agent answers. */
            action: components["schemas"]["Action"];
            /**
             * Format: uuid
             * @description The agent that answers.
             */
            agent_id: string | null;
            /**
             * Format: int32
             * @description The version that answers.
             */
            version: number | null;
            /** @description Paragraphs for the agent. */
            initial_context: string;
            /** @description The plan's metadata for the conversation. */
            custom_metadata: Record<string, unknown> | null;
            /** @description Whether the pre-conversation workflow is skipped. */
            skip_pre_conversation_workflow: boolean;
            /** @description What chose the agent. */
            source: components["schemas"]["Source"];
            reason: null | components["schemas"]["Reason"];
            /** @description The plan's rule that decided. */
            rule: string | null;
            /**
             * Format: int64
             * @description The revision that was in force.
             */
            config_revision: number | null;
        };
        /** @description One problem. */
        Diagnostic: components["schemas"]["Place"] & {
            /** @description Its stable name. */
            code: string;
            /** @description Whether it refuses the plan. */
            severity: components["schemas"]["Severity"];
            /** @description What is wrong. Untrusted text: it may quote the plan. */
            message: string;
            /** @description The next step, or null. */
            help: string | null;
            /** @description Other places and facts that explain it. */
            notes: components["schemas"]["Note"][];
            /** @description Fixes, each by itself. With more than one, a person chooses. */
            fixes: components["schemas"]["Fix"][];
        };
        /** @description The changes from one plan to another. */
        Diff: {
            /**
             * Format: int64
             * @description The revision that was compared with.
             */
            against: number;
            /**
             * Format: int64
             * @description The revision that was looked at; null for a text.
             */
            revision: number | null;
            /**
             * Format: date
             * @description The first day of the calls that were compared: today, on the plans' clocks.
             */
            from: string;
            /**
             * Format: date
             * @description The last day.
             */
            until: string;
            /** @description Whether both plans decide every call alike. */
            same: boolean;
            /**
             * @description Whether the plans read numbers without `+` in different ways, by their `country` lines. Then
             *     the changes are those of calls whose numbers both read alike.
             */
            reads_otherwise: boolean;
            /**
             * @description Each change, the largest first, as in `callplan diff --format json`. `simulate` accepts the
             *     `call` of a `witness`.
             */
            changes: components["schemas"]["DiffChange"][];
            /**
             * @description How many further, smaller changes there are. At most 1,000 are listed, fewer where they are
             *     large or take long to work out.
             */
            more: number;
        };
        /** @description Calls that both plans decide differently, in the same way. */
        DiffChange: {
            /** @description Whether who answers changes, or only what they get. */
            changes: components["schemas"]["ChangeKind"];
            /** @description What the earlier plan decides. */
            was: components["schemas"]["Ending"];
            /** @description What the later plan decides. */
            now: components["schemas"]["Ending"];
            /** @description The calls, as sets. */
            calls: components["schemas"]["CallSet"][];
            /** @description Whether there are more sets than are listed. */
            has_more_calls: boolean;
            /**
             * Format: double
             * @description How much of a week an ordinary call would be one of these, as a share of the time; null if
             *     it cannot be computed.
             */
            share: number | null;
            witness: null | components["schemas"]["Witness"];
        };
        /** @description Two plans. */
        DiffRequest: {
            /** @description The new plan. */
            workflow_definition?: string | null;
            /**
             * Format: int64
             * @description Instead of a text: the plan of this revision.
             */
            revision?: number | null;
            /**
             * Format: int64
             * @description The revision to compare with; by default the saved plan.
             */
            against?: number | null;
        };
        /**
         * @description A direction of calls.
         * @enum {string}
         */
        Direction: "inbound";
        /** @description Replaces the bytes `start..end` of the text, as it was sent, by `text`. */
        Edit: {
            /**
             * Format: int32
             * @description A byte offset.
             */
            start: number;
            /**
             * Format: int32
             * @description A byte offset, exclusive.
             */
            end: number;
            /** @description What comes. */
            text: string;
        };
        /** @description What a change does to calls. */
        Effects: {
            /**
             * @description Whether every possible call ends as before: the same agent answers at the same version, with
             *     the same context, metadata and skip, or nobody does for the same reason. The calls are those
             *     of the years to come; timeouts are not looked at.
             */
            same: boolean;
            /**
             * @description Whether it is not known which calls change, because comparing them takes too long. Then
             *     `same` is false, and `changes` is empty.
             */
            undecided: boolean;
            /** @description A sentence about the largest change. */
            text: string;
            /**
             * @description The changes: first of who answers, then of why nobody does, then of what the agent is given;
             *     of each, the largest first. At most 50.
             */
            changes: components["schemas"]["EffectsChange"][];
            /** @description The number of further changes. */
            more: number;
            replay: null | components["schemas"]["EffectsReplay"];
            /** @description What a person should know before they make the change. */
            warnings: components["schemas"]["EffectsWarning"][];
        };
        /** @description A change of an agent. */
        EffectsAgent: {
            /** @description Whether it can answer calls. */
            active?: boolean;
            /**
             * Format: int32
             * @description The version to publish.
             */
            publish?: number;
            /** @description Whether it is deleted; only without the other fields. */
            delete?: boolean;
        };
        /** @description Calls that end differently, with the same old and the same new ending. */
        EffectsChange: {
            /** @description Whether who answers changes, or only what they get. */
            changes: components["schemas"]["ChangeKind"];
            /** @description How the calls ended. */
            was: components["schemas"]["EffectsEnding"];
            /** @description How they end. */
            now: components["schemas"]["EffectsEnding"];
            /** @description The calls, as sets. At most 20. */
            calls: components["schemas"]["CallSet"][];
            /** @description Whether there are more sets than are listed. */
            has_more_calls: boolean;
            /**
             * Format: double
             * @description How much of a week an ordinary call would be one of these, as a share of the time; null if
             *     it cannot be computed.
             */
            share: number | null;
            witness: null | components["schemas"]["EffectsWitness"];
        };
        /** @description How calls end: as in a decision. */
        EffectsEnding: {
            /** @description Whether an agent answers. */
            action: components["schemas"]["Action"];
            /**
             * Format: uuid
             * @description The agent that answers.
             */
            agent_id: string | null;
            /**
             * Format: int32
             * @description The version that answers.
             */
            version: number | null;
            /** @description What chose the agent. */
            source: components["schemas"]["Source"];
            reason: null | components["schemas"]["Reason"];
        };
        /** @description The agent of a number. */
        EffectsNumber: {
            /**
             * Format: uuid
             * @description The agent.
             */
            agent_id: string;
            /**
             * Format: int32
             * @description Its version.
             */
            version: number;
        };
        EffectsNumberChange: null | components["schemas"]["EffectsNumber"];
        /**
         * @description What the newest calls of the log would get now, before and after the change. Both sides use
         *     today's agents and switches.
         */
        EffectsReplay: {
            /** @description The number of calls that were looked at. */
            calls: number;
            /** @description The number of calls that end differently. */
            changed: number;
            /**
             * @description The number of calls that cannot be decided again, because their numbers are masked in the
             *     log.
             */
            not_comparable: number;
            /** @description Calls that end differently, the newest first. At most 10. */
            examples: components["schemas"]["ChangedCall"][];
        };
        /** @description A change of an organization's state. What is left out stays as it is. */
        EffectsRequest: {
            /** @description The fields of the config, as in a `PUT` of it. */
            config?: components["schemas"]["ConfigChange"];
            /**
             * Format: int64
             * @description The revision to restore: its plan, `enabled` and its fallback agent. The fields of `config`
             *     go before those of the revision.
             */
            revision?: number;
            /**
             * Format: int64
             * @description The revision whose config counts as the one before the change. Default: the one in force.
             */
            from_revision?: number;
            /** @description Agents, by id. At most 1,000. */
            agents?: {
                [key: string]: components["schemas"]["EffectsAgent"];
            };
            /** @description The agents of numbers; null for none. At most 1,000. */
            numbers?: {
                [key: string]: components["schemas"]["EffectsNumberChange"];
            };
            /** @description Switches that are turned on or off, as in a `PUT` of each, or only true or false. At most 1,000. */
            switches?: {
                [key: string]: components["schemas"]["EffectsSwitch"];
            };
        };
        /** @description The new state of a switch. */
        EffectsSwitch: boolean | components["schemas"]["SwitchChange"];
        /** @description Something that a person should know before they make the change. */
        EffectsWarning: {
            /** @description What it is about. */
            code: components["schemas"]["EffectsWarningCode"];
            /** @description What it says. */
            message: string;
        };
        /**
         * @description What a warning is about.
         * @enum {string}
         */
        EffectsWarningCode: "nobody-answers" | "agent-not-resolvable" | "number-unassigned" | "fallback-not-resolvable" | "numbers-read-otherwise";
        /** @description A call, and its decision before and after the change. */
        EffectsWitness: {
            /** @description The call, with the switches that are on after the change. `simulate` accepts it. */
            call: components["schemas"]["WitnessCall"];
            /** @description The decision before the change, with the switches that were on before it. */
            was: components["schemas"]["Decision"];
            /** @description The decision after it. */
            now: components["schemas"]["Decision"];
        };
        /** @description Where a plan's text sends a call, before it is known which agents can answer. */
        Ending: {
            /** @description Where the text sends the call. */
            decision: components["schemas"]["EndingDecision"];
            /** @description The agent, as the plan names it. */
            agent_id: string | null;
            /**
             * Format: int32
             * @description Its version, where the plan names one.
             */
            version: number | null;
            /** @description The rule that decides. */
            rule: string | null;
            /** @description Its line; null where no statement decides. */
            line: number | null;
        };
        /**
         * @description Where a plan's text sends a call.
         * @enum {string}
         */
        EndingDecision: "route" | "reject" | "fallback";
        /** @description How many calls were erased. */
        ErasedCalls: {
            /**
             * Format: int64
             * @description Number of calls that were in the log, and are no more.
             */
            erased: number;
        };
        /**
         * @description What kind of error it is. Stable: programs may branch on it.
         * @enum {string}
         */
        ErrorCode: "bad_request" | "invalid_json" | "invalid_token" | "missing_organization" | "missing_scope" | "reserved_to_operator" | "not_a_member" | "address_not_allowed" | "key_exceeds_maker" | "not_found" | "no_config" | "no_such_path" | "method_not_allowed" | "request_timeout" | "config_exists" | "agent_in_use" | "phone_number_taken" | "precondition_failed" | "body_too_large" | "unsupported_media_type" | "not_an_object" | "invalid_fields" | "invalid_plan" | "stored_plan_invalid" | "too_complex" | "too_many_invalid_tokens" | "too_many_checks" | "rate_limited" | "quota_exceeded" | "head_too_large" | "internal_error" | "overloaded" | "database_busy" | "database_unavailable" | "starting" | "shutting_down";
        /** @description A call, written as an example. */
        Example: {
            /** @description The `example` block. */
            example: string;
            /** @description The plan with the block at its end. */
            workflow_definition: string;
        };
        /** @description A call to turn into an example. */
        ExampleRequest: {
            /** @description A call plan; by default the saved one. */
            workflow_definition?: string | null;
            /** @description The call. */
            call: components["schemas"]["SimulatedCall"];
            /** @description The example's name; by default made of the rule that decides and the caller. */
            name?: string | null;
        };
        /** @description A decided call, with its path through the plan of that time. */
        ExplainedCall: components["schemas"]["DecidedCall"] & components["schemas"]["Replayed"];
        /** @description An error of one field. */
        FieldError: {
            /** @description The field, as a dotted path. */
            field: string;
            /** @description What is wrong. */
            message: string;
        };
        /** @description A fix: edits that belong together. */
        Fix: {
            /** @description What it does, as an instruction. */
            title: string;
            /** @description Whether it may be made without asking. */
            grade: components["schemas"]["Grade"];
            /** @description By place. */
            edits: components["schemas"]["Edit"][];
        };
        /**
         * @description How far a fix may be trusted.
         * @enum {string}
         */
        Grade: "safe" | "suggestion";
        /** @description What the text at a place means. */
        Hover: components["schemas"]["RangeInPlan"] & {
            /** @description What it is. */
            title: string;
            /** @description Its meaning: some lines of plain text, with names and examples in backquotes. */
            text: string;
        };
        /** @description An incoming call. */
        InboundCall: {
            /** @description The caller's number; absent, null and empty mean that it is withheld. */
            caller_number?: string | null;
            /** @description The dialed number. */
            called_number: string;
            /** @description The trunk. */
            trunk_id?: string | null;
            /** @description The name that the caller shows. Without it, the name in the address of the caller's number. */
            caller_name?: string | null;
            /** @description The number that the caller's carrier asserts (P-Asserted-Identity). */
            caller_asserted?: string | null;
            /**
             * @description Who sent the call on (Diversion, History-Info, ForwardedFrom); of several addresses, the first
             *     counts.
             */
            diverted_from?: string | null;
            /**
             * @description How far the caller's number is vouched for: `A`, `B`, `C`, `failed`, or a value of `verstat`.
             *     Anything else is unknown. Without it, the `verstat` parameter of the caller's address.
             */
            attestation?: string | null;
            /**
             * @description What else the call brings, such as headers of the signalling, by name: at most 32, with names
             *     of at most 64 and values of at most 256 characters. A plan gives names to those that it uses.
             */
            attributes?: {
                [key: string]: string;
            } | null;
            /**
             * Format: date-time
             * @description When it came, with an offset (RFC 3339). Default: now.
             */
            timestamp?: string | null;
        };
        /** @description A config in an answer. */
        InboundRoutingConfig: {
            /**
             * Format: uuid
             * @description Its id; a config that is made after a DELETE has a new one.
             */
            id: string;
            /**
             * Format: uuid
             * @description The organization that it belongs to.
             */
            organization_id: string;
            /**
             * Format: int64
             * @description The number of the revision in force.
             */
            revision: number;
            /** @description The call plan, as it was sent. */
            workflow_definition: string;
            /**
             * Format: uuid
             * @description The agent that answers where the plan does not.
             */
            fallback_agent_id: string | null;
            /**
             * Format: int32
             * @description Its version; null is the newest published.
             */
            fallback_agent_version: number | null;
            /** @description Whether the plan is run. */
            enabled: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When this revision was made.
             */
            updated_at: string;
            /** @description The warnings of a check with the agents and on the day of the answer. */
            diagnostics: components["schemas"]["Diagnostic"][];
        };
        /** @description Something that can be written. */
        Item: {
            /** @description Its name. */
            label: string;
            /** @description What it is. */
            kind: components["schemas"]["CompletionKind"];
            /** @description Its meaning, in one line. */
            detail: string;
            /** @description The text to insert. */
            insert: string;
        };
        /** @description Who made a key. */
        KeyMaker: {
            /** @description What made it. */
            kind: components["schemas"]["KeyMakerKind"];
            /**
             * Format: uuid
             * @description The key's or the user's id; null for the command line.
             */
            id: string | null;
        };
        /**
         * @description An organization's key, a user, or the command line.
         * @enum {string}
         */
        KeyMakerKind: "key" | "user" | "command_line";
        /** @description How to rotate a key. */
        KeyRotation: {
            /**
             * Format: int32
             * @description For how many seconds the token before stays valid; 0 ends it at once.
             * @default 86400
             */
            overlap_seconds: number;
        };
        /** @description A text in the standard layout. */
        LaidOut: {
            /** @description The call plan. */
            workflow_definition: string;
        };
        /** @description A page of a list. */
        List_Agent: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["Agent"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        List_AgentVersion: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["AgentVersion"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        List_ApiKey: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["ApiKey"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        List_AuditEvent: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["AuditEvent"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        List_DecidedCall: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["DecidedCall"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        List_PhoneNumber: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["PhoneNumber"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        List_RevisionSummary: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["RevisionSummary"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        List_Switch: {
            /** @description Its items, in the list's order. */
            items: components["schemas"]["Switch"][];
            /** @description The `cursor` of the next page; null on the last. */
            next_cursor: string | null;
        };
        /** @description A call of the log. */
        LoggedCall: {
            /** @description The caller's number. */
            caller_number: string | null;
            /** @description The dialed number. */
            called_number: string;
            /** @description The trunk. */
            trunk_id: string | null;
            /** @description The name that the caller showed. */
            caller_name: string | null;
            /** @description The number that the caller's carrier asserted. */
            caller_asserted: string | null;
            /** @description Who sent the call on. */
            diverted_from: string | null;
            /** @description How far the caller's number was vouched for. */
            attestation: string | null;
            /** @description What else the call brought, by name. */
            attributes: {
                [key: string]: string;
            };
            /**
             * @description What digits without `+` were read as, by whose number they are: `caller`, `dialed`,
             *     `caller_asserted` or `diverted_from`.
             */
            numbers_read: {
                [key: string]: components["schemas"]["NumberReading"];
            };
            /**
             * Format: date-time
             * @description When it came, to the microsecond.
             */
            timestamp: string;
        };
        /** @description The fields of a new agent. */
        NewAgent: {
            /** @description The name that people see. */
            name: string;
            /** @description What people say that it is for. */
            description?: string | null;
            /** @description Whether calls may go to it. Default: true. */
            active?: boolean;
            /** @description Data that clients keep with it. */
            metadata?: Record<string, unknown> | null;
        };
        /** @description A new key, or one with a new token. */
        NewApiKey: components["schemas"]["ApiKey"] & {
            /** @description The token for `Authorization: Bearer …`. It is shown only here. */
            token: string;
        };
        /** @description The fields of a new config. */
        NewConfig: {
            /** @description A call plan. */
            workflow_definition: string;
            /**
             * Format: uuid
             * @description The agent that answers where the plan does not.
             */
            fallback_agent_id?: string | null;
            /**
             * Format: int32
             * @description Its version; null is the newest published. Needs a `fallback_agent_id`.
             */
            fallback_agent_version?: number | null;
            /** @description Whether the plan is run. Default: true. */
            enabled?: boolean;
        };
        /** @description The fields of a number to register. */
        NewPhoneNumber: {
            /** @description The number, in any form. */
            phone_number: string;
            /** @description The trunk that it comes in on. */
            trunk_id: string;
        };
        /** @description The fields of a new version. */
        NewVersion: {
            /** @description What the agent is made of. */
            config?: Record<string, unknown> | null;
        };
        /** @description A further fact. Without a place, all four are null. */
        Note: {
            /** @description What it says. */
            message: string;
            /** @description The line of the first character, or null. */
            line: number | null;
            /** @description The column of the first character, or null. */
            column: number | null;
            /** @description The line of the end, or null. */
            end_line: number | null;
            /** @description The column of the end, or null. */
            end_column: number | null;
        };
        /** @description What digits without `+` were read as. */
        NumberReading: {
            /** @description The rule by which they were read, or `local_digits` where they stayed a local number. */
            as: string;
            /** @description The number; none where they stayed local. */
            number: string | null;
        };
        /** @description A set of numbers. */
        NumberSet: {
            /** @description Whether it is all numbers but these. */
            all_but: boolean;
            /** @description Lists of the plan. */
            names: string[];
            /** @description Patterns. */
            listed: string[];
            /** @description Patterns that are not in it after all. */
            except?: string[];
            /** @description There; where it is no number at all. */
            none?: boolean;
            /** @description In words. */
            text: string;
        };
        /** @description An organization. */
        OrganizationName: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What people call it. */
            name: string;
        };
        /** @description A number in an answer. */
        PhoneNumber: {
            /** @description The number, in normal form. */
            phone_number: string;
            /** @description The trunk that it comes in on. */
            trunk_id: string | null;
            /**
             * Format: uuid
             * @description The version of an agent that answers it where no plan does.
             */
            inbound_agent_version_id: string | null;
            /**
             * Format: uuid
             * @description The agent of that version.
             */
            inbound_agent_id: string | null;
            /**
             * Format: int32
             * @description The number of that version.
             */
            inbound_agent_version: number | null;
            /**
             * Format: date-time
             * @description When it was registered.
             */
            created_at: string;
        };
        /**
         * @description Lines and columns, from 1; columns count Unicode scalar values, and the end is exclusive. Null
         *     where a problem is not one of the plan's text.
         */
        Place: {
            /** @description The line of the first character. */
            line: number | null;
            /** @description The column of the first character. */
            column: number | null;
            /** @description The line of the end. */
            end_line: number | null;
            /** @description The column of the end. */
            end_column: number | null;
        };
        /** @description A place in a text. */
        PlaceInPlan: {
            /** @description A call plan, or what there is of it. */
            workflow_definition: string;
            /**
             * Format: int32
             * @description The line, from 1.
             */
            line: number;
            /**
             * Format: int32
             * @description The column, from 1, in Unicode scalar values. A column beyond the line counts as its end.
             */
            column: number;
        };
        /** @description What a plan's text gives a call, before it is known which agents can answer. */
        PlanOutput: {
            /** @description Whether the call is rejected. */
            reject: boolean;
            /** @description The agent, as the plan names it. */
            agent_id: string | null;
            /**
             * Format: int32
             * @description Its version, where the plan names one.
             */
            version: number | null;
            /** @description Paragraphs for the agent. */
            initial_context: string;
            /** @description The plan's metadata for the conversation. */
            custom_metadata: Record<string, unknown> | null;
            /** @description Whether the pre-conversation workflow is skipped. */
            skip_pre_conversation_workflow: boolean;
        };
        /** @description A plan to check. */
        PlanText: {
            /** @description A call plan. */
            workflow_definition: string;
        };
        /** @description An error, in the form of RFC 9457. */
        Problem: {
            /**
             * @description Always `about:blank`: `code` says what kind of error it is.
             * @example about:blank
             */
            type: string;
            /** @description The status in words. */
            title: string;
            /**
             * Format: int32
             * @description The status.
             */
            status: number;
            /** @description What is wrong, for programs. */
            code: components["schemas"]["ErrorCode"];
            /** @description What is wrong, for people. */
            detail: string;
            /** @description Each wrong field. */
            errors?: components["schemas"]["FieldError"][];
            /** @description The problems of the plan, in the order of its text. */
            diagnostics?: components["schemas"]["Diagnostic"][] | null;
            /** @description The number of further problems that did not fit into the answer. */
            more?: number | null;
            /** @description The same problems, as the command line prints them. */
            rendered?: string | null;
        };
        /** @description How to publish. */
        Publish: {
            /**
             * @description Numbers that this version answers from now on, where no plan decides. It replaces the
             *     version that answered them before.
             */
            phone_numbers?: string[] | null;
            /** @description Numbers that no version of this agent answers any more. */
            unassign_phone_numbers?: string[] | null;
            /** @description The direction of the calls. */
            direction?: components["schemas"]["Direction"];
        };
        /** @description What was published. */
        Published: {
            /**
             * @description The numbers of the request in their new state: those that were assigned, then those that
             *     were taken away.
             */
            phone_numbers: components["schemas"]["PhoneNumber"][];
        };
        /** @description A part of a text. Lines and columns count from 1; the end is exclusive. */
        RangeInPlan: {
            /** @description The line of the first character. */
            line: number;
            /** @description Its column. */
            column: number;
            /** @description The line of the character after the last. */
            end_line: number;
            /** @description Its column. */
            end_column: number;
        };
        /**
         * @description Why the plan's choice did not answer.
         * @enum {string}
         */
        Reason: "rejected" | "no_decision" | "agent_not_resolvable" | "workflow_failed" | "workflow_timeout" | "no_config" | "config_disabled" | "number_unassigned";
        /** @description Hours, and the days that have them. */
        RecurringHours: {
            /** @description The days, by the rule that makes them. */
            days: components["schemas"]["DaysByRule"];
            /** @description The first day on which the rule counts. */
            from: string | null;
            /** @description The last day on which the rule counts. */
            until: string | null;
            /** @description From a time of day up to another: `["17:00", "18:00"]`. */
            hours: string[][];
            /** @description Days of the rule that are left out. */
            except: components["schemas"]["DaysByRule"][];
            /** @description Days that are added. */
            also: components["schemas"]["DaysByRule"][];
            /** @description How many further days are left out or added. */
            more: number;
        };
        /** @description Recurring times, on the plan's clock. */
        RecurringTimes: {
            /** @description In words: `Mon-Fri 17:00-18:00, 7 December to 4 April, but not on 25 and 26 December`. */
            text: string;
            stretch: null | components["schemas"]["TimeStretch"];
            /** @description Hours, and the days that have them. No day is in two of them. */
            rule: components["schemas"]["RecurringHours"][];
            /** @description The first day with such a time. */
            first: string | null;
            /** @description How many days have such a time. */
            count: number;
            /** @description Of how many days the rule does not say exactly when; 0 where it tells all. */
            more: number;
        };
        /** @description What the text changes. */
        Replay: {
            /** @description The number of calls that were looked at. */
            calls: number;
            /**
             * @description The number of calls that both plans decide alike. The deciding rules may have different
             *     names.
             */
            same: number;
            /**
             * @description The number of calls that cannot be decided again, because their numbers are masked in the
             *     log.
             */
            not_comparable: number;
            /** @description The calls that are decided differently, the newest first. */
            changed: components["schemas"]["ChangedCall"][];
            /** @description The number of further changed calls that did not fit into the answer. */
            left_out: number;
        };
        /** @description A text, and a number of calls. */
        ReplayRequest: {
            /** @description A call plan. */
            workflow_definition: string;
            /**
             * Format: int32
             * @description How many calls, the newest of the log. Default: 200.
             */
            limit?: number | null;
        };
        /** @description How a call was decided, or why that is unknown. */
        Replayed: {
            /** @description The statements that were reached, in order. */
            trace: components["schemas"]["TraceEntry"][] | null;
            trace_reason?: null | components["schemas"]["TraceReason"];
        };
        /** @description What to restore of a revision. */
        Restoration: {
            /** @description Whether to restore the call plan. Default: true. */
            workflow_definition?: boolean;
            /** @description Whether to restore the fallback agent and its version. Default: true. */
            fallback_agent?: boolean;
            /** @description Whether to restore `enabled`. Default: true. */
            enabled?: boolean;
        };
        /** @description A revision with its plan. */
        Revision: components["schemas"]["RevisionSummary"] & {
            /** @description The call plan. */
            workflow_definition: string;
        };
        /** @description A revision in an answer. */
        RevisionSummary: {
            /**
             * Format: int64
             * @description Its number.
             */
            revision: number;
            /**
             * Format: uuid
             * @description The agent that answered where the plan did not choose one.
             */
            fallback_agent_id: string | null;
            /**
             * Format: int32
             * @description Its version.
             */
            fallback_agent_version: number | null;
            /** @description Whether the plan was run. */
            enabled: boolean;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description The author. */
            created_by: components["schemas"]["ShownActor"];
            /**
             * Format: int64
             * @description The revision of which it restored fields; null if it restored none.
             */
            restored_from: number | null;
        };
        /**
         * @description What a credential allows. `manage` includes `read`, and that of configs includes that of switches.
         * @enum {string}
         */
        Scope: "inbound_routing_configs:read" | "inbound_routing_configs:manage" | "inbound_routing_switches:manage" | "inbound_calls:read" | "inbound_calls:manage" | "inbound_calls:route" | "agents:read" | "agents:manage" | "phone_numbers:read" | "phone_numbers:manage" | "api_keys:manage" | "audit:read";
        /**
         * @description How grave a problem is. An error refuses the plan; a warning and a hint do not.
         * @enum {string}
         */
        Severity: "error" | "warning" | "hint";
        /** @description The author of a change. */
        ShownActor: {
            /** @description The kind of author. */
            kind: components["schemas"]["ActorKind"];
            /**
             * Format: uuid
             * @description The author's id.
             */
            id: string;
        };
        /** @description The decision on a call, and its explanation. */
        Simulated: {
            /** @description The same as the answer to a call, without an id. */
            decision: components["schemas"]["Decision"];
            /** @description The statements that were reached, in order. */
            trace: components["schemas"]["TraceEntry"][];
            /** @description How numbers without `+` were read, or why they stayed local: a sentence for each. */
            notes: string[];
            /**
             * @description The switches that can matter to calls to this number, whoever calls and whenever, in the
             *     plan's order.
             */
            reachable_switches: string[];
        };
        /** @description A call to try, and its switches. */
        SimulatedCall: {
            /** @description The caller's number. */
            caller_number?: string | null;
            /** @description The dialed number. */
            called_number: string;
            /** @description The trunk. */
            trunk_id?: string | null;
            /** @description The name that the caller shows. */
            caller_name?: string | null;
            /** @description The number that the caller's carrier asserts. */
            caller_asserted?: string | null;
            /** @description Who sent the call on. */
            diverted_from?: string | null;
            /** @description How far the caller's number is vouched for. */
            attestation?: string | null;
            /** @description What else the call brings, by name, as in a call that is decided. */
            attributes?: {
                [key: string]: string;
            } | null;
            /**
             * @description The organization, as in the witnesses of `diff`; null for no organization. By default the
             *     token's own.
             */
            organization_id?: string | null;
            /**
             * Format: date-time
             * @description When it comes; by default now.
             */
            timestamp?: string | null;
            switches?: null | components["schemas"]["SwitchesToTry"];
        };
        /** @description A call to try. */
        Simulation: {
            /** @description A call plan; by default the saved one. */
            workflow_definition?: string | null;
            /** @description The call. */
            call: components["schemas"]["SimulatedCall"];
        };
        /**
         * @description What chose who answers.
         * @enum {string}
         */
        Source: "workflow" | "fallback" | "number" | "none";
        /** @description A time in which all calls have the same outcome. */
        StretchOfOne: components["schemas"]["Ending"] & {
            /**
             * Format: date-time
             * @description The first instant.
             */
            from: string;
            /**
             * Format: date-time
             * @description The instant after the last.
             */
            until: string;
        };
        /** @description A time in which shares of the calls have different outcomes. */
        StretchOfSeveral: {
            /**
             * Format: date-time
             * @description The first instant.
             */
            from: string;
            /**
             * Format: date-time
             * @description The instant after the last.
             */
            until: string;
            /** @description Each outcome with its share. */
            outcomes: components["schemas"]["Chance"][];
        };
        /** @description A switch in an answer. */
        Switch: {
            /** @description Its name in the plan. */
            name: string;
            /** @description Whether it is on. */
            on: boolean;
            /**
             * Format: date-time
             * @description When it goes off by itself; null if it does not.
             */
            until: string | null;
            /**
             * Format: date-time
             * @description When it was set; null if it never was.
             */
            set_at: string | null;
            set_by: null | components["schemas"]["ShownActor"];
        };
        /** @description The new state of a switch. */
        SwitchChange: {
            /** @description Whether it is on. */
            on: boolean;
            /**
             * Format: date-time
             * @description When it goes off by itself; in the future, and only with `on: true`.
             */
            until?: string | null;
        };
        /** @description The states of switches. */
        SwitchesToTry: {
            [key: string]: boolean;
        } | string[];
        /** @description What a text has in it, or has not. */
        TextPattern: {
            /** @description `contains` or `starts with`. */
            place: string;
            /** @description One of these, in small letters. */
            texts: string[];
            /** @description Whether it has one of them. */
            has: boolean;
        };
        /** @description A set of texts. */
        TextSet: {
            /** @description Whether it is all texts but these; with `having`, all of those but these. */
            all_but: boolean;
            /** @description The texts. */
            listed: string[];
            /** @description What they have in them: all of one of these lists. */
            having?: components["schemas"]["TextPattern"][][];
            /** @description Texts that are in it, whatever they have in them. */
            and?: string[];
        };
        /** @description One stretch of time. A null end is that of the period. */
        TimeStretch: {
            /** @description `2026-12-07 08:00` */
            from: string | null;
            /** @description `2027-04-05 00:00`, not in it. */
            until: string | null;
        };
        /** @description The outcomes of the calls, from change to change. */
        Timeline: {
            /** @description `workflow_definition`. */
            plan: string;
            /** @description The plan's time zone. */
            zone: string;
            /** @description The call, with the caller that was chosen if the request named none. */
            call: components["schemas"]["TimelineCall"];
            /**
             * Format: date-time
             * @description The first instant.
             */
            from: string;
            /**
             * Format: date-time
             * @description The instant after the last.
             */
            until: string;
            /** @description In order and without gaps, as in `callplan timeline --format json`. */
            stretches: components["schemas"]["TimelineStretch"][];
            /**
             * @description The switches that can matter to calls to this number, whoever calls and whenever, in the
             *     plan's order.
             */
            reachable_switches: string[];
        };
        /** @description The call of a timeline. */
        TimelineCall: {
            /** @description The caller; one that was chosen, if the request named none. */
            caller_number: string | null;
            /** @description Which number is dialed. */
            called_number: string;
            /** @description On which trunk. */
            trunk_id: string | null;
            /** @description Of which organization. */
            organization_id: string | null;
            /** @description Which name the caller shows. */
            caller_name: string | null;
            /** @description The number that the caller's carrier asserts. */
            caller_asserted: string | null;
            /** @description Who sent the call on. */
            diverted_from: string | null;
            /** @description How far the caller's number is vouched for. */
            attestation: string | null;
            /** @description What else the call brings, by name. */
            attributes: {
                [key: string]: string;
            };
            /** @description The switches that are on. */
            switches: string[];
        };
        /** @description A number, and a range of days. */
        TimelineRequest: {
            /** @description A call plan; by default the saved one. */
            workflow_definition?: string | null;
            /** @description The number that is dialed. */
            called_number: string;
            /**
             * @description The caller. Null or absent: an ordinary caller that the plan does not name. Empty: a
             *     withheld number.
             */
            caller_number?: string | null;
            /** @description The name that the caller shows. */
            caller_name?: string | null;
            /** @description The number that the caller's carrier asserts. */
            caller_asserted?: string | null;
            /** @description Who sent the call on. */
            diverted_from?: string | null;
            /** @description How far the caller's number is vouched for. */
            attestation?: string | null;
            /** @description What else the calls bring, by name. */
            attributes?: {
                [key: string]: string;
            } | null;
            /** @description On which trunk. */
            trunk_id?: string | null;
            switches?: null | components["schemas"]["SwitchesToTry"];
            /**
             * Format: date
             * @description The first day, on the plan's clock; by default today.
             */
            from?: string | null;
            /**
             * Format: int32
             * @description How many days. Default: 7.
             */
            days?: number | null;
        };
        /** @description A time in which the outcome does not change. */
        TimelineStretch: components["schemas"]["StretchOfOne"] | components["schemas"]["StretchOfSeveral"];
        /** @description A statement that was reached. */
        TraceEntry: {
            /** @description Its line, from 1. */
            line: number;
            /** @description Its text, up to its block. */
            statement: string;
            /** @description The innermost named rule around it, or its own. */
            rule: string | null;
            /** @description Whether its condition held; null for a statement without a condition. */
            held: boolean | null;
            /** @description What decided the condition, or what the statement did. */
            because: string | null;
        };
        /**
         * @description Why a recorded call has no trace.
         * @enum {string}
         */
        TraceReason: "masked" | "no_workflow" | "workflow_failed" | "not_reproducible";
        /** @description The holder of a credential. */
        Whoami: {
            /** @description What holds it. */
            kind: components["schemas"]["ActorKind"];
            /**
             * Format: uuid
             * @description The key's or the user's id.
             */
            id: string;
            /** @description The name of the key or the user. */
            name: string;
            /** @description The organization that the request acts for. */
            organization: components["schemas"]["OrganizationName"];
            /**
             * @description The organizations that the credential can act for, by name: a key's own; those that a user is a member of, at
             *     most 1,000.
             */
            organizations: components["schemas"]["OrganizationName"][];
            /** @description The scopes of the credential. */
            scopes: components["schemas"]["Scope"][];
            /**
             * Format: int64
             * @description A number that grows with each change of what decides the organization's calls: the config,
             *     agents, versions, phone numbers, switches.
             */
            routing_stamp: number;
        };
        /** @description A call, and what both plans give it. */
        Witness: {
            /** @description The call. `simulate` takes it as it is. */
            call: components["schemas"]["WitnessCall"];
            /** @description What the earlier plan gives it. */
            was: components["schemas"]["PlanOutput"];
            /** @description What the later plan gives it. */
            now: components["schemas"]["PlanOutput"];
        };
        /** @description A call with its organization and the switches that are on; all others are off. */
        WitnessCall: {
            /** @description Who calls. */
            caller_number: string | null;
            /** @description Which number is dialed. */
            called_number: string;
            /** @description On which trunk. */
            trunk_id: string | null;
            /** @description Of which organization. */
            organization_id: string | null;
            /** @description Which name the caller shows. */
            caller_name: string | null;
            /** @description The number that the caller's carrier asserts. */
            caller_asserted: string | null;
            /** @description Who sent the call on. */
            diverted_from: string | null;
            /** @description How far the caller's number is vouched for. */
            attestation: string | null;
            /** @description What else the call brings, by name. */
            attributes: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When.
             */
            timestamp: string;
            /** @description The switches that are on. */
            switches: string[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
