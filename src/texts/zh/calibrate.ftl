# 校准：由汇总数字得出参数。

## experiment/targets.rs

target-twice = 已有同一编号的目标
target-no-value = 目标须有取值（value）或界限（at_least、at_most）
target-value-and-bounds = 目标有取值或有界限，不能两者都有
target-bounds = 不大于 at_least
target-no-error = 既无误差也无偏差：等于说记录与模型都是精确的
target-errors = 大于 0，写在此处或 `discrepancy`；精确的计数也须有偏差
target-over-and-less = 目标可以除以一个统计量，或减去一个统计量，不能两者都有
target-levels-twice = 与 { $id } 一样，是自运行开始起的累计数：两者共有的部分会被计算两次；请为较晚者写明 `since`
target-no-month = 此结果取自某月月末，须写明哪个月
target-own-month = { $outcome } 本身是月份，不在某月取值
target-window = 时段的起点不早于终点
target-of-corridor = 按走廊给出，须写明哪一条
target-no-groups = { $outcome } 不按组给出
target-no-kind = 没有这一类组
target-no-group = 没有这个组
above = 大于 { $least }
before = 早于 { $month }

## inference/calibrate/plan.rs

no-target-to-fit = 没有用于拟合的目标
targets-twice = 方案中已有目标；列表与文件二者取一
calibrate-numbers = 被校准的参数须为数值
calibrate-variants = 数值的分布；各模型变体请分别校准

## cli/calibrate/mod.rs

calibrate-exists = { $path } 中已有校准；--resume 继续，--force 重做
calibrate-other = { $path } 中有其他内容，请用 --out 另指定文件夹
calibrate-check-firms = 企业由种子生成，而各历史使用其他种子，便会是另一个企业网络；请用 `firms.file` 给出企业，或不设企业
calibrate-constant = 不变化：第一轮的所有运行中都相同
calibrate-missing = 缺失的运行过多，无法仿真
calibrate-few = 在先验中试过的 { $tried } 个点里，情景只允许 { $n } 个，不足以开始
calibrate-other-plan = { $path } 中是按另一份计划或另一种方式（--quick、--check）做的校准；请用 --out 另指定文件夹，或用 --force 替换
calibrate-written = 表格：{ $path }
calibrate-next = 在后验上作比较：{ $command }

## cli/calibrate/words.rs

calibrate-head = { $name }：{ $parameters } 个参数；{ $fit } 个目标用于拟合，{ $held } 个留作检验；运行至 { $end }。至多 { $waves } 轮，每轮 { $points } 个点，每点 { $replicates } 次重复。
calibrate-wave =
    第 { $number } 轮：{ $points } 个点{ $refused ->
        [0] {""}
       *[other] ，另有 { $refused } 个点被情景拒绝，因而在先验之外
    }。先验中有 { $share } % 未被排除。
calibrate-ended-little = 不再进行下一轮：相对于运气、误差与偏差留下的不确定性，仿真器所增甚少。
calibrate-ended-same = 不再进行下一轮：区域不再缩小。
calibrate-ended-budget = 不再进行下一轮：已用完允许的轮数。
calibrate-ended-refused = 没有后验：情景拒绝了每一个抽样。
calibrate-ended-impossible = 没有后验：按各自的运行，没有一个抽样在此记录下是可能的。仿真器在此处有误，请允许更多点或更多轮。
calibrate-too-small = 见到了未被排除的点，但区域过小，无法搜寻。请从更窄的先验开始，或检查误差与偏差是否过小。
calibrate-empty = 先验中没有点留下：在给定的误差与偏差之内，模型无法得出记录。这本身就是结果。
calibrate-out-of-reach = 任何点都达不到：{ $list }。
calibrate-conflict = 单独可达，但不能同时达到：{ $list }。
calibrate-conflict-many = 任意两个目标可以同时达到，三个或更多则不能。
calibrate-emulators = 仿真器在留出点上的误差：以标准单位计至多 { $worst }（仿真器对自身的不确定性判断恰当时约为 1）。
calibrate-chains = 马尔可夫链：R̂ 至多 { $worst }，有效步数至少 { $least }。
calibrate-chains-apart = 各链尚未充分一致（R̂ 高于 1.01，或有效步数不足 400）。请谨慎看待后验，或允许更多轮。
calibrate-weights = 以各自的运行重新加权后，{ $all } 个抽样相当于 { $left } 个。
calibrate-weights-few = 后验只由少数抽样承担：仿真器在此处不够好。请允许更多点或更多轮。
calibrate-targets = 目标：记录，以及模型连同误差与偏差给出的 5 % 至 95 % 范围
calibrate-without = { $id }：第一轮与抽样的 { $all } 次运行中，有 { $n } 次没有取值；仿真器、区间与 p 均不计这些运行。
calibrate-fit = 拟合
calibrate-held-out = 留作检验
calibrate-target-before = - { $id }（{ $purpose }）：{ $record }；先验 { $prior_low } 至 { $prior_high }
calibrate-target = - { $id }（{ $purpose }）：{ $record }；先验 { $prior_low } 至 { $prior_high }，后验 { $middle }（{ $low } 至 { $high }），p { $p }{ $met }
calibrate-not-met = ；在区间之外
calibrate-all-met = 所有目标都在后验的 90 % 区间之内。
calibrate-missed = 有 { $n } 个目标在后验的 90 % 区间之外：{ $list }。
calibrate-parameters = 参数：中位数与 5 % 至 95 %，后验与先验
calibrate-parameter = - { $name }：{ $median }（{ $low } 至 { $high }）；先验 { $prior }（{ $prior_low } 至 { $prior_high }）；收缩 { $contraction } %
calibrate-little-told = 关于{ $list }，记录所说甚少：后验比先验窄不到 { $most } %。
calibrate-directions = 最受约束的方向：{ $stiff }（后验宽度为先验的 { $narrow } %）。最不受约束的方向：{ $sloppy }（{ $wide } %）。
calibrate-check = 基于模拟的校准检验：从先验抽取 { $truths } 个真值，各在其后验的 { $ranked } 个抽样中排位
calibrate-check-line = - { $key }：p { $p }，经 Holm 调整 { $adjusted }
calibrate-check-passes = 排位与正确后验应有的均匀分布相符。
calibrate-check-fails = 排位不均匀：后验过窄、过宽或有偏移。仿真器需要更多点，或似然不适合此模型。

## 方案的键

key-parameters-of-calibration = 参数，以情景中的键为名，各带作为先验的分布。
key-id-of-target = 表格中的名称：字母、数字、`-` 与 `_`。
key-outcome-of-target = 结果，见 `pointplane outcomes`。
key-targets = 目标：记录中的数字。
