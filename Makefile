# Each target is one line of dotnet or one script. LIBTORCH=cuda swaps the torch package; see README, "GPU".
SHELL := /bin/bash
CONFIG ?= config.yaml
LIBTORCH ?= cpu
CAMVID ?= ../shared/data/camvid
INMARS := artifacts/bin/InMARS.Cli/release_linux-x64/inmars
OUTPUT ?= runs
COMPARE ?=
BENCH := artifacts/bin/InMARS.Bench/release_linux-x64/InMARS.Bench
SOAK := artifacts/bin/InMARS.Soak/release_linux-x64/InMARS.Soak
FUZZ := artifacts/bin/InMARS.Fuzz/release_linux-x64/InMARS.Fuzz
COUNT ?= 100000
SEED ?= 1

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
# The SDK itself stops on a bare machine without ICU, which nothing here needs.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT := 1

.PHONY: help setup build run test lint bench fuzz soak docs results clean

help: ## What can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## Look for the SDK; install the system libraries that are missing
	@tools/setup/sdk.sh && tools/setup/natives.sh

build: setup ## Restore (locked) and build everything in Release
	dotnet build InMARS.sln -c Release -p:LibTorch=$(LIBTORCH) -v q --nologo

run: build data/synthetic ## Run CONFIG (config.yaml), replacing its last run
	$(INMARS) run $(CONFIG) --overwrite $(ARGS)

data/synthetic: | build
	$(INMARS) synth --output data/synthetic --count 300 --seed 7

test: build ## Run all tests; ARGS go to the xunit runner
	@tools/setup/test.sh $(ARGS)

lint: setup ## Audit of the packages, formatting, style and analyzers, without changing a file
	dotnet restore -p:NuGetAudit=true -v q && dotnet format --verify-no-changes --no-restore

bench: build ## Measure what the README claims, into OUTPUT/bench/results.json; COMPARE=FILE tells what became of an earlier one
	$(BENCH) $(ARGS) --output $(OUTPUT) $(if $(COMPARE),--compare $(COMPARE)) $(if $(wildcard $(CAMVID)/images),--images $(CAMVID)/images)

fuzz: build ## Feed COUNT damaged inputs of SEED to everything that reads foreign bytes
	$(FUZZ) --count $(COUNT) --seed $(SEED) $(ARGS)

soak: build ## Disturb a run for 20 minutes (ARGS='--minutes 20 --seed 1') and compare it with one left alone
	$(SOAK) $(ARGS)

docs: build ## Bring the generated documentation up to date
	tools/docs.sh $(INMARS)

results: build data/camvid data/synthetic data/synthetic-uneven ## Make the runs of the results table that are missing; write docs/results.md
	$(INMARS) sweep tools/recipes/results.yaml --jobs 2 $(ARGS)
	tools/results.sh runs/results

data/camvid: | build
	@[ -d "$(CAMVID)/images" ] || { echo "there is no CamVid in '$(CAMVID)'; say where with: make results CAMVID=folder (images/ and labels/ in it)" >&2; exit 1; }
	rm -rf $@.part && $(INMARS) shard --images "$(CAMVID)/images" --labels "$(CAMVID)/labels" --output $@.part --per-shard 100 && mv $@.part $@

data/synthetic-uneven: | build
	$(INMARS) synth --output $@ --count 300 --seed 7 --shares 0.7,0.15,0.15

clean: ## Remove what was built; runs/ and data/ stay
	rm -rf artifacts
